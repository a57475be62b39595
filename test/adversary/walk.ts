import { type Battleground, UnboundedSpend } from './battleground.ts';
import type { Chance } from './chance.ts';
import { dataAfter, dataCaught, passResult, payloadOf, type Step, stepsOf } from './data-flow.ts';
import { isDistributed, isTolerant, itemData, itemsOf, processorOf, widthOf } from './items.ts';
import { WHOLE_SHARE } from './meters.ts';
import { errorsOf, type Recovery, recoveryOf } from './recovery.ts';
import type { RawScope, RawState } from './states-language.ts';
import { type Data, FROM_OUTSIDE, UNKNOWN, type Value } from './values.ts';

/** AWS ends an execution after 25,000 events; a walk ends after as many transitions. */
const MOST_TRANSITIONS = 25_000;
const BREAKDOWN = 0.005;

export interface Walk {
  /** What the execution spent, in picodollars. */
  readonly spent: bigint;
  readonly transitions: number;
}

class OutOfEvents extends Error {}

/**
 * One execution of a machine in which every outcome is the adversary's: which rule holds, what fails with which error,
 * how much of its limit a job uses, what still runs after a failure. `spite` in [0, 1] is how often it takes what
 * costs the most at once; otherwise it leaves the outcome to chance.
 */
export function walk(ground: Battleground, machine: string, chance: Chance, spite: number): Walk {
  const walker = new Walker(ground, chance, spite);
  walker.run(machine);
  return walker.result();
}

class Walker {
  readonly #ground: Battleground;
  readonly #chance: Chance;
  readonly #spite: number;
  #language = 'JSONPath';
  #spent = 0n;
  #transitions = 0;

  constructor(ground: Battleground, chance: Chance, spite: number) {
    this.#ground = ground;
    this.#chance = chance;
    this.#spite = spite;
  }

  run(machine: string): void {
    try {
      this.#execute(machine);
    } catch (error) {
      if (!(error instanceof OutOfEvents)) throw error;
    }
  }

  result(): Walk {
    const transitions = this.#transitions;
    return { spent: this.#spent + BigInt(transitions) * this.#ground.transition, transitions };
  }

  #execute(machine: string): boolean {
    const [scope, before] = [this.#ground.machine(machine), this.#language];
    this.#language = scope.QueryLanguage ?? 'JSONPath';
    this.#transitions += 2;
    const succeeded = this.#walk(scope, FROM_OUTSIDE);
    this.#language = before;
    return succeeded;
  }

  #walk(scope: RawScope, data: Data): boolean {
    let [name, here] = [scope.StartAt, data];
    for (;;) {
      const state = scope.States[name];
      if (state === undefined) throw new Error(`there is no state ${name}`);
      const step = this.#enter(state, here);
      if (typeof step === 'boolean') return step;
      name = step.next;
      here = step.data;
    }
  }

  /** The next state, or how the scope ended. */
  #enter(state: RawState, data: Data): Step | boolean {
    this.#pay();
    const language = state.QueryLanguage ?? this.#language;
    switch (state.Type) {
      case 'Succeed':
        return !this.#chance.happens(BREAKDOWN);
      case 'Fail':
        return false;
      case 'Choice':
        return this.#anyOf(stepsOf(state, language, data));
      case 'Pass':
      case 'Wait': {
        const result = state.Type === 'Pass' ? passResult(state, language, data) : data.input;
        return result === undefined || this.#chance.happens(BREAKDOWN)
          ? false
          : this.#onward(state, dataAfter(state, language, data, result));
      }
      default:
        return this.#recover(state, language, data);
    }
  }

  #anyOf(steps: readonly Step[]): Step | boolean {
    const [first, ...others] = steps;
    return first === undefined || this.#chance.happens(BREAKDOWN) ? false : this.#chance.pick(first, ...others);
  }

  #onward(state: RawState, data: Data | undefined): Step | boolean {
    if (data === undefined) return false;
    return state.Next === undefined ? true : { next: state.Next, data };
  }

  #recover(state: RawState, language: string, data: Data): Step | boolean {
    const spent = (state.Retry ?? []).map(() => 0);
    for (;;) {
      const outcome = this.#outcome(state, spent);
      const succeeded = this.#try(state, language, data, outcome);
      if (succeeded && !outcome.happens) return this.#onward(state, dataAfter(state, language, data, UNKNOWN));
      if (outcome.recovery.kind !== 'retry') return this.#giveUp(outcome.recovery, language, data);
      spent[outcome.recovery.retrier] = (spent[outcome.recovery.retrier] ?? 0) + 1;
      this.#pay();
    }
  }

  #giveUp(recovery: Recovery, language: string, data: Data): Step | boolean {
    if (recovery.kind !== 'catch') return false;
    const caught = dataCaught(recovery.catcher, language, data);
    return caught === undefined ? false : { next: recovery.catcher.Next, data: caught };
  }

  /** The error of the next try, if it comes to one: with spite, as long as another try follows, it does. */
  #outcome(state: RawState, spent: readonly number[]): Outcome {
    const [first, ...others] = this.#errorsToChoose(state, spent);
    const chosen = first === undefined ? NO_RECOVERY : this.#chance.pick(first, ...others);
    const happens = (chosen.recovery.kind === 'retry' && this.#isSpiteful()) || this.#chance.happens(0.3);
    return { ...chosen, happens };
  }

  /** Errors to choose from: with spite, those that are tried again come first, then those that are caught. */
  #errorsToChoose(state: RawState, spent: readonly number[]): readonly Outcome[] {
    const all = errorsOf(state).map((error) => ({ ...NO_RECOVERY, error, recovery: recoveryOf(state, error, spent) }));
    if (!this.#isSpiteful()) return all;
    for (const kind of ['retry', 'catch']) {
      const chosen = all.filter(({ recovery }) => recovery.kind === kind);
      if (chosen.length > 0) return chosen;
    }
    return all;
  }

  /** Whether the try could succeed. */
  #try(state: RawState, language: string, data: Data, { error, happens }: Outcome): boolean {
    if (state.Type === 'Parallel') return this.#branches(state, language, data);
    if (state.Type === 'Map') return this.#items(state, language, data);
    if (happens && this.#ground.isFree(state, error)) return false;
    const call = this.#ground.callOf(state, language, data);
    if (call === undefined) return false;
    if (call.kind === 'job') this.#spent += this.#isSpiteful() ? call.most : call.spend(this.#share());
    else this.#execute(call.machine);
    return true;
  }

  /** After a branch failed, the others may be stopped at any moment, or run to their end. */
  #branches(state: RawState, language: string, data: Data): boolean {
    const input = payloadOf(state, language, data);
    if (input === undefined) return false;
    let succeeded = true;
    for (const branch of state.Branches ?? []) {
      if (succeeded || this.#isSpiteful() || this.#chance.happens(0.5)) {
        succeeded = this.#walk(branch, { input, variables: data.variables }) && succeeded;
      }
    }
    return succeeded;
  }

  /** Items start in their order; once one failed, those that are in flight may still run to their end. */
  #items(state: RawState, language: string, data: Data): boolean {
    const [items, processor] = [itemsOf(state, language, data), processorOf(state)];
    if (items === undefined || processor === undefined) throw new UnboundedSpend('a Map of any number of items');
    const given = items.mayBeFewer && this.#chance.happens(0.1) ? [] : items.most;
    const width = widthOf(state, given.length);
    let started = 0;
    let succeeded = true;
    while (started < given.length && succeeded) {
      succeeded = this.#item(state, processor, given[started] ?? null, data);
      started += 1;
    }
    const inFlight = succeeded ? 0 : this.#isSpiteful() ? width - 1 : this.#chance.below(width);
    for (const item of given.slice(started, started + inFlight)) this.#item(state, processor, item, data);
    return succeeded;
  }

  #item(state: RawState, processor: RawScope, item: Value, data: Data): boolean {
    if (isDistributed(state)) this.#transitions += 2;
    return this.#walk(processor, itemData(state, item, data)) || isTolerant(state);
  }

  #share(): bigint {
    return BigInt(this.#chance.below(Number(WHOLE_SHARE) + 1));
  }

  #isSpiteful(): boolean {
    return this.#chance.happens(this.#spite);
  }

  #pay(): void {
    this.#transitions += 1;
    if (this.#transitions > MOST_TRANSITIONS) throw new OutOfEvents();
  }
}

/** How a try ends if it fails, and whether it is made to. */
interface Outcome {
  readonly error: string;
  readonly recovery: Recovery;
  readonly happens: boolean;
}

const NO_RECOVERY: Outcome = { error: 'Adversary.Unnamed', recovery: { kind: 'fail' }, happens: false };
