import { setTimeout as sleep } from 'node:timers/promises';

/** A training process's share of the machine. */
export interface CoreShare {
  /** Whole, at least 1. */
  readonly cores: number;
  readonly release: () => void;
}

/** How long to wait for jobs that start together, so that the first does not take the whole machine. Milliseconds. */
const GATHERING = 150;
const gatherForAMoment = (): Promise<void> => sleep(GATHERING);

/** Lets at most as many processes run as the machine has cores, and shares the cores among those that run at once. */
export class CoreSlots {
  readonly #cores: number;
  readonly #waiting: ((share: CoreShare) => void)[] = [];
  readonly #gather: () => Promise<void>;
  #running = 0;

  /** @param gather resolves when the jobs that start together are all waiting */
  constructor(cores: number, gather: () => Promise<void> = gatherForAMoment) {
    this.#cores = Math.max(1, Math.floor(cores));
    this.#gather = gather;
  }

  async acquire(): Promise<CoreShare> {
    const share = new Promise<CoreShare>((resolve) => this.#waiting.push(resolve));
    await this.#gather();
    this.#dispatch();
    return share;
  }

  #dispatch(): void {
    const atOnce = Math.min(this.#cores, this.#running + this.#waiting.length);
    while (this.#running < this.#cores) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#running += 1;
      next({ cores: Math.max(1, Math.floor(this.#cores / atOnce)), release: this.#releaseOnce() });
    }
  }

  #releaseOnce(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#running -= 1;
      this.#dispatch();
    };
  }
}
