import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTick } from 'node:timers/promises';

interface Parked {
  readonly actor: number;
  readonly go: () => void;
}

/** One order in which requests of concurrent actors are answered: choice after choice, the first one by default. */
export class Interleaving {
  /** How many requests each choice was among. */
  readonly widths: number[] = [];
  readonly path: number[] = [];
  readonly #choices: readonly number[];
  readonly #actors = new AsyncLocalStorage<number>();
  #parked: readonly Parked[] = [];
  #current = 0;
  #preemptionsLeft: number;

  constructor(choices: readonly number[], preemptions: number) {
    this.#choices = choices;
    this.#preemptionsLeft = preemptions;
  }

  /** Waits for its turn. */
  readonly turn = (): Promise<void> =>
    new Promise((go) => {
      this.#parked = [...this.#parked, { actor: this.#actors.getStore() ?? 0, go }];
    });

  /** Starts the actors and answers their requests one at a time until every one has ended. */
  async play<Result>(...actors: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> {
    let areOver = false;
    const all = Promise.all(actors.map((act, index) => this.#actors.run(index, act))).finally(() => {
      areOver = true;
    });
    all.catch(() => undefined);
    for (;;) {
      // Between two turns nothing but microtasks runs: after two rounds every actor waits or has ended.
      await nextTick();
      await nextTick();
      if (areOver) return all;
      this.#answerOne();
    }
  }

  #answerOne(): void {
    const candidates = this.#candidates();
    const choice = this.#choices[this.path.length] ?? 0;
    const chosen = candidates[choice];
    if (chosen === undefined) throw new Error(`no request to answer: ${candidates.length} wait, choice ${choice}`);
    this.widths.push(candidates.length);
    this.path.push(choice);
    const isPreemption = chosen.actor !== this.#current && candidates[0]?.actor === this.#current;
    if (isPreemption) this.#preemptionsLeft -= 1;
    this.#current = chosen.actor;
    this.#parked = this.#parked.filter((parked) => parked !== chosen);
    chosen.go();
  }

  /** Requests of the actor whose turn it was come first; without a preemption left it goes on as long as it can. */
  #candidates(): readonly Parked[] {
    const own = this.#parked.filter(({ actor }) => actor === this.#current);
    if (own.length > 0 && this.#preemptionsLeft === 0) return own;
    return [...own, ...this.#parked.filter(({ actor }) => actor !== this.#current)];
  }
}

/**
 * Plays a scenario, made anew each time, in every order; returns how many there are.
 * @param preemptions how often a turn may be taken from an actor that could go on; few find most races
 */
export async function playEveryInterleaving(
  scenario: (order: Interleaving) => Promise<void>,
  preemptions: number = Number.POSITIVE_INFINITY,
): Promise<number> {
  let choices: readonly number[] | undefined = [];
  let count = 0;
  while (choices !== undefined) {
    const order: Interleaving = new Interleaving(choices, preemptions);
    await scenario(order);
    count += 1;
    choices = following(order);
  }
  return count;
}

/** The next path in lexical order; undefined after the last. */
function following({ path, widths }: Interleaving): readonly number[] | undefined {
  const last = path.findLastIndex((choice, index) => choice + 1 < (widths[index] ?? 0));
  return last < 0 ? undefined : [...path.slice(0, last), (path[last] ?? 0) + 1];
}
