import { type Battleground, UnboundedSpend } from './battleground.ts';
import { dataAfter, dataCaught, passResult, payloadOf, stepsOf } from './data-flow.ts';
import { isDistributed, isTolerant, itemData, itemsOf, processorOf, widthOf } from './items.ts';
import { greatest } from './prices.ts';
import { errorsOf, recoveryOf } from './recovery.ts';
import type { RawScope, RawState } from './states-language.ts';
import { type Data, FROM_OUTSIDE, keyOfData, UNKNOWN } from './values.ts';

/** The dearest ways to go on from a moment of an execution, in picodollars: to a failure, and to success. */
interface Worst {
  readonly failed: bigint;
  /** Null where no way ends in success. */
  readonly succeeded: bigint | null;
}

/** So many states in one walk, or moments to look at, are more than this search is for. */
const DEEPEST = 500;
const MOST_MOMENTS = 300_000;

export class TooLarge extends Error {}

const ENDS_HERE: Worst = { failed: 0n, succeeded: null };

/**
 * The most that one execution can spend: every moment (state, retries made, data, hence laps of loops) is visited once
 * and every outcome of it tried.
 * @throws UnboundedSpend where a walk has no end; TooLarge where the search would take too long.
 */
export function exhaust(ground: Battleground, machine: string): bigint {
  return new Search(ground).mostOf(machine);
}

class Search {
  readonly #ground: Battleground;
  readonly #moments = new Map<RawScope, Map<string, Worst | undefined>>();
  readonly #machines = new Map<string, bigint | undefined>();
  #language = 'JSONPath';
  #depth = 0;
  #count = 0;

  constructor(ground: Battleground) {
    this.#ground = ground;
  }

  mostOf(machine: string): bigint {
    const known = this.#machines.get(machine);
    if (known !== undefined) return known;
    if (this.#machines.has(machine)) throw new UnboundedSpend(`${machine} starts itself`);
    this.#machines.set(machine, undefined);
    const [scope, before] = [this.#ground.machine(machine), this.#language];
    this.#language = scope.QueryLanguage ?? 'JSONPath';
    const most = 2n * this.#ground.transition + mostEnding(this.#from(scope, scope.StartAt, FROM_OUTSIDE));
    this.#language = before;
    this.#machines.set(machine, most);
    return most;
  }

  #from(scope: RawScope, name: string, data: Data): Worst {
    const moments = this.#moments.get(scope) ?? new Map<string, Worst | undefined>();
    this.#moments.set(scope, moments);
    const key = `${name} ${keyOfData(data)}`;
    const known = moments.get(key);
    if (known !== undefined) return known;
    if (moments.has(key)) throw new UnboundedSpend(`${name} is reached again with the same data`);
    this.#guard(name);
    moments.set(key, undefined);
    this.#depth += 1;
    const worst = this.#enter(scope, name, data);
    this.#depth -= 1;
    moments.set(key, worst);
    return worst;
  }

  #guard(name: string): void {
    this.#count += 1;
    if (this.#count > MOST_MOMENTS) throw new TooLarge('more moments than are looked at');
    if (this.#depth > DEEPEST) throw new UnboundedSpend(`${name} is reached again without an end in sight`);
  }

  #enter(scope: RawScope, name: string, data: Data): Worst {
    const state = scope.States[name];
    if (state === undefined) throw new Error(`there is no state ${name}`);
    const language = state.QueryLanguage ?? this.#language;
    switch (state.Type) {
      case 'Succeed':
        return plus(this.#ground.transition, { failed: 0n, succeeded: 0n });
      case 'Fail':
        return plus(this.#ground.transition, ENDS_HERE);
      case 'Choice': {
        const ways = stepsOf(state, language, data).map((step) => this.#from(scope, step.next, step.data));
        return plus(this.#ground.transition, dearest(ways));
      }
      case 'Pass':
      case 'Wait': {
        const result = state.Type === 'Pass' ? passResult(state, language, data) : data.input;
        const after = result === undefined ? undefined : dataAfter(state, language, data, result);
        return plus(this.#ground.transition, this.#onward(scope, state.Next, after));
      }
      default:
        return this.#recover(scope, state, data);
    }
  }

  /** From a state that did what it does: it may still fail, or the next one is entered. */
  #onward(scope: RawScope, next: string | undefined, data: Data | undefined): Worst {
    if (data === undefined) return ENDS_HERE;
    return next === undefined ? { failed: 0n, succeeded: 0n } : this.#from(scope, next, data);
  }

  #recover(scope: RawScope, state: RawState, data: Data): Worst {
    const language = state.QueryLanguage ?? this.#language;
    const attempt = this.#attempt(state, language, data);
    const known = new Map<string, Worst>();
    const after = dataAfter(state, language, data, UNKNOWN);
    const from = (spent: readonly number[]): Worst => {
      const found = known.get(spent.join());
      if (found !== undefined) return found;
      const failures = errorsOf(state).map((error) => {
        const cost = this.#ground.isFree(state, error) ? 0n : attempt.failed;
        const recovery = recoveryOf(state, error, spent);
        if (recovery.kind === 'fail') return plus(cost, ENDS_HERE);
        if (recovery.kind === 'retry')
          return plus(cost, from(spent.with(recovery.retrier, (spent[recovery.retrier] ?? 0) + 1)));
        return plus(cost, this.#onward(scope, recovery.catcher.Next, dataCaught(recovery.catcher, language, data)));
      });
      const success =
        attempt.succeeded === null ? [] : [plus(attempt.succeeded, this.#onward(scope, state.Next, after))];
      const worst = plus(this.#ground.transition, dearest([...failures, ...success]));
      known.set(spent.join(), worst);
      return worst;
    };
    return from((state.Retry ?? []).map(() => 0));
  }

  /** One try, without its transition. */
  #attempt(state: RawState, language: string, data: Data): Worst {
    if (state.Type === 'Parallel') return this.#branches(state, language, data);
    if (state.Type === 'Map') return this.#items(state, language, data);
    const call = this.#ground.callOf(state, language, data);
    if (call === undefined) return ENDS_HERE;
    const most = call.kind === 'job' ? call.most : this.mostOf(call.machine);
    return { failed: most, succeeded: most };
  }

  #branches(state: RawState, language: string, data: Data): Worst {
    const input = payloadOf(state, language, data);
    if (input === undefined) return ENDS_HERE;
    const ends = (state.Branches ?? []).map((branch) =>
      this.#from(branch, branch.StartAt, { input, variables: data.variables }),
    );
    return { failed: total(ends.map(mostEnding)), succeeded: totalSuccess(ends) };
  }

  #items(state: RawState, language: string, data: Data): Worst {
    const [items, processor] = [itemsOf(state, language, data), processorOf(state)];
    if (items === undefined || processor === undefined) throw new UnboundedSpend('a Map of any number of items');
    const own = isDistributed(state) ? 2n * this.#ground.transition : 0n;
    const ends = items.most.map((item) =>
      plus(own, this.#from(processor, processor.StartAt, itemData(state, item, data))),
    );
    if (isTolerant(state)) return { failed: total(ends.map(mostEnding)), succeeded: total(ends.map(mostEnding)) };
    const succeeded = totalSuccess(ends) ?? (items.mayBeFewer ? 0n : null);
    return { failed: mostFailing(ends, widthOf(state, ends.length)), succeeded };
  }
}

/**
 * The dearest Map that fails: of the items that were started, in their order, the last one and others that are in
 * flight end anyhow; all the rest succeeded before.
 */
function mostFailing(ends: readonly Worst[], width: number): bigint {
  let most = 0n;
  for (let started = 1; started <= ends.length; started += 1) {
    const [last, before] = [ends[started - 1] ?? ENDS_HERE, ends.slice(0, started - 1)];
    const stuck = before.filter(({ succeeded }) => succeeded === null);
    const others = before
      .filter(({ succeeded }) => succeeded !== null)
      .toSorted((a, b) => Number(gainOf(b) - gainOf(a)));
    const places = width - 1 - stuck.length;
    if (places < 0) break;
    const inFlight = [last, ...stuck, ...others.slice(0, places)];
    const done = others.slice(places);
    const spent = total(inFlight.map(mostEnding)) + total(done.map(({ succeeded }) => succeeded ?? 0n));
    if (spent > most) most = spent;
  }
  return most;
}

const mostEnding = ({ failed, succeeded }: Worst): bigint => greatest([failed, succeeded ?? 0n]);

/** What it costs more to let an item end anyhow than to let it succeed. */
const gainOf = (worst: Worst): bigint => mostEnding(worst) - (worst.succeeded ?? 0n);

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);

const totalSuccess = (ends: readonly Worst[]): bigint | null =>
  ends.some(({ succeeded }) => succeeded === null) ? null : total(ends.map(({ succeeded }) => succeeded ?? 0n));

const plus = (amount: bigint, { failed, succeeded }: Worst): Worst => ({
  failed: amount + failed,
  succeeded: succeeded === null ? null : amount + succeeded,
});

/** Each kind of end by the dearest way to it; to fail at once is always one. */
const dearest = (ways: readonly Worst[]): Worst => {
  const successes = ways.map(({ succeeded }) => succeeded).filter((spent) => spent !== null);
  return {
    failed: greatest(ways.map(({ failed }) => failed)),
    succeeded: successes.length === 0 ? null : greatest(successes),
  };
};
