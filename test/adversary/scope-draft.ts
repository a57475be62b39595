import type { Draft } from './draft.ts';
import type { RawScope, RawState } from './states-language.ts';

/** Where a block of states may lead. */
export interface Exits {
  /** The state after it; null where the scope ends. */
  readonly after: string | null;
  /** Other states further on, that choices and catchers may jump to. */
  readonly further: readonly string[];
}

/** How a part of a machine is written. */
export interface Setting {
  /** The state machine's query language; a JSONPath machine may have single states in JSONata. */
  readonly language: 'JSONPath' | 'JSONata';
  /** How often this part may be executed more than once: products of tries, items and laps. */
  readonly room: number;
  readonly depth: number;
  /** Whether the input has to pass through every state: a counter lies in it. */
  readonly keepsInput: boolean;
  /** Nothing ends in failure by itself: what comes after could not be reached for reasons that no bound knows. */
  readonly succeeds: boolean;
  /** Variables that hold numbers, each of a range that can be proven. */
  readonly numbers: readonly string[];
}

/** The states of one scope as they are added. */
export class ScopeDraft {
  readonly draft: Draft;
  readonly setting: Setting;
  readonly #states: Record<string, RawState>;

  constructor(draft: Draft, setting: Setting, states: Record<string, RawState> = {}) {
    this.draft = draft;
    this.setting = setting;
    this.#states = states;
  }

  /** The same scope, written in another setting. */
  within(setting: Partial<Setting>): ScopeDraft {
    return new ScopeDraft(this.draft, { ...this.setting, ...setting }, this.#states);
  }

  add(name: string, state: RawState): void {
    this.#states[name] = state;
  }

  /** A state to go to; where the scope ends, a new Succeed. */
  target(after: string | null): string {
    if (after !== null) return after;
    const name = this.draft.fresh('Done');
    this.add(name, { Type: 'Succeed' });
    return name;
  }

  finish(startAt: string): RawScope {
    return { StartAt: startAt, States: this.#states };
  }
}

export const leave = (after: string | null): { readonly Next: string } | { readonly End: true } =>
  after === null ? { End: true } : { Next: after };
