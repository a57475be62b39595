import { payloadOf } from './data-flow.ts';
import type { Deployment } from './deployment.ts';
import { type Call, meterCall } from './meters.ts';
import type { Prices } from './prices.ts';
import type { RawScope, RawState } from './states-language.ts';
import { type Data, keyOf, type Value } from './values.ts';

/** Nothing limits what this machine may spend. */
export class UnboundedSpend extends Error {}

/** Errors of a call that creates nothing, by a word of the Resource. */
const CREATE_ERRORS: Readonly<Record<string, readonly string[]>> = {
  lambda: ['Lambda.TooManyRequestsException'],
  sagemaker: ['SageMaker.ThrottlingException', 'SageMaker.ResourceLimitExceeded'],
  glue: ['Glue.ConcurrentRunsExceededException'],
};

/** Whether errors that only the call which creates a job raises are agreed to cost nothing. */
export type CreateErrors = 'cost nothing' | 'cost a try';

/** What an adversary plays on: one deployment, its prices, and what is agreed about errors. */
export class Battleground {
  readonly deployment: Deployment;
  readonly transition: bigint;
  readonly #prices: Prices;
  readonly #createErrors: CreateErrors;
  readonly #calls = new WeakMap<RawState, Map<string, Call>>();
  readonly #fixedCalls = new WeakMap<RawState, Call>();

  constructor(deployment: Deployment, prices: Prices, createErrors: CreateErrors = 'cost a try') {
    this.deployment = deployment;
    this.transition = prices.of('stepfunctions.standard.transition');
    this.#createErrors = createErrors;
    this.#prices = prices;
  }

  machine(id: string): RawScope {
    const machine = this.deployment.machines.get(id);
    if (machine === undefined) throw new Error(`there is no state machine ${id}`);
    return machine;
  }

  /** Whether a task that fails with the error spent nothing. */
  isFree(state: RawState, error: string): boolean {
    if (this.#createErrors === 'cost a try' || state.Type !== 'Task') return false;
    const resource = state.Resource ?? '';
    const service = Object.keys(CREATE_ERRORS).find((name) => resource.includes(`:${name}:`));
    const isFunction = resource.startsWith('<');
    return CREATE_ERRORS[isFunction ? 'lambda' : (service ?? '')]?.includes(error) === true;
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
