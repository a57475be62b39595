import { payloadOf } from './data-flow.ts';
import type { Deployment } from './deployment.ts';
import { type Call, meterCall } from './meters.ts';
import type { Prices } from './prices.ts';
import type { RawScope, RawState } from './states-language.ts';
import { type Data, keyOf, type Value } from './values.ts';

/** Nothing limits what this machine may spend. */
export class UnboundedSpend extends Error {}

/** What an adversary plays on: one deployment, its prices, and the errors that are agreed to cost nothing. */
export class Battleground {
  readonly deployment: Deployment;
  readonly transition: bigint;
  readonly freeErrors: ReadonlySet<string>;
  readonly #prices: Prices;
  readonly #calls = new WeakMap<RawState, Map<string, Call>>();
  readonly #fixedCalls = new WeakMap<RawState, Call>();

  constructor(deployment: Deployment, prices: Prices, freeErrors: readonly string[] = []) {
    this.deployment = deployment;
    this.transition = prices.of('stepfunctions.standard.transition');
    this.freeErrors = new Set(freeErrors);
    this.#prices = prices;
  }

  machine(id: string): RawScope {
    const machine = this.deployment.machines.get(id);
    if (machine === undefined) throw new Error(`there is no state machine ${id}`);
    return machine;
  }

  /** What a task calls with this data; undefined where evaluating its arguments fails. */
  callOf(state: RawState, language: string, data: Data): Call | undefined {
    const fixed = this.#fixedCalls.get(state);
    if (fixed !== undefined) return fixed;
    const payload = payloadOf(state, language, data);
    if (payload === undefined) return undefined;
    const call = this.#metered(state, payload);
    if (isFixed(state)) this.#fixedCalls.set(state, call);
    return call;
  }

  #metered(state: RawState, payload: Value): Call {
    const calls = this.#calls.get(state) ?? new Map<string, Call>();
    this.#calls.set(state, calls);
    const key = keyOf(payload);
    const known = calls.get(key);
    if (known !== undefined) return known;
    const call = meterCall(state.Resource ?? '', payload, this.deployment, this.#prices);
    calls.set(key, call);
    return call;
  }
}

/** Fields whose values cost nothing, whatever they are. */
const DATA_FIELDS = new Set(['Payload', 'Input', 'Message', 'MessageBody', 'Arguments', 'TrainingJobName']);

/** Whether every try calls the same. */
function isFixed({ Arguments, Parameters }: RawState): boolean {
  const limits = JSON.stringify(Arguments ?? Parameters ?? {}, (name, value: unknown) =>
    DATA_FIELDS.has(name.replace(/\.\$$/, '')) ? undefined : value,
  );
  return !limits.includes('{%') && !limits.includes('.$"');
}
