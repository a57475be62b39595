import { must } from '../../errors/fault.ts';
import { type CostNode, type CostSum, sum, times } from '../tree/cost-node.ts';
import { stronglyConnectedComponents } from '../workflow/graph.ts';
import type { ProvenLoop } from '../workflow/proofs.ts';

/** What a walk is to come to: any end, an end in success, or (numbers from 2) the guard of a loop around it. */
export type Aim = number;
export const ANYHOW: Aim = 0;
export const SUCCESS: Aim = 1;

/** One way on from a state: what the state costs on this way, and the state that follows. */
export interface Step {
  readonly cost: CostNode;
  readonly to: string;
}

/** The dearest way on from a state for one aim. */
export interface Move {
  readonly cost: CostNode;
  /** Null where the walk has come to its aim. */
  readonly to: string | null;
  /** From here until the aim. */
  readonly usd: bigint;
}

export interface WalkParts {
  readonly states: readonly string[];
  /** Ways on, to these states and to others. */
  readonly stepsFrom: (state: string) => readonly Step[];
  /** The dearest way that ends at the state or leads to none of these states; undefined where there is none. */
  readonly leaving: (state: string, aim: Aim) => Move | undefined;
  /** How many aims there are. */
  readonly aims: number;
  /** Keeps the explanation of a lap at a size that can be shown. */
  readonly fold: (node: CostSum) => CostSum;
  /** What bounds a loop of these states; undefined where nothing does. */
  readonly proofOf: (component: ReadonlySet<string>) => ProvenLoop | undefined;
  /** Called with each loop that nothing bounds. */
  readonly reportOpenLoop: (component: ReadonlySet<string>) => void;
}

/** A part of the states of which walks can come back to where they were. */
interface Loop {
  readonly usd: (state: string, aim: Aim) => bigint | undefined;
  readonly walk: (state: string, aim: Aim, costs: CostNode[]) => string | null;
}

/**
 * The dearest walks through some states, from each of them, for each aim: a dynamic programme over the strongly
 * connected components, from the last to the first. Linear in the steps times the depth of loops in loops.
 */
export class DearestWalks {
  readonly #parts: WalkParts;
  /** Of the states that are in no loop, by aim. */
  readonly #moves = new Map<string, PerAim<Move>>();
  readonly #loops = new Map<string, Loop>();

  constructor(parts: WalkParts) {
    this.#parts = parts;
    const successorsOf = (state: string) => parts.stepsFrom(state).map(({ to }) => to);
    for (const component of stronglyConnectedComponents({ nodes: parts.states, successorsOf })) {
      const [state = ''] = component;
      const isLoop = component.length > 1 || parts.stepsFrom(state).some(({ to }) => to === state);
      if (isLoop) this.#addLoop(component);
      else this.#moves.set(state, this.#dearestMoves(state));
    }
  }

  /** The most that a walk from the state to the aim costs; undefined where none comes to it. */
  usd(state: string, aim: Aim): bigint | undefined {
    const loop = this.#loops.get(state);
    return loop === undefined ? this.#moves.get(state)?.[aim]?.usd : loop.usd(state, aim);
  }

  isInLoop(state: string): boolean {
    return this.#loops.has(state);
  }

  /** Adds what the dearest walk costs, state by state, until it leaves these states: then where it goes on, or null. */
  walk(start: string, aim: Aim, costs: CostNode[]): string | null {
    let state: string | null = start;
    while (state !== null) {
      const loop = this.#loops.get(state);
      const moves = this.#moves.get(state);
      if (loop === undefined && moves === undefined) return state;
      state = loop === undefined ? pay(must(moves?.[aim], 'a walk to the aim'), costs) : loop.walk(state, aim, costs);
    }
    return null;
  }

  #addLoop(component: readonly string[]): void {
    const members = new Set(component);
    const leaving = new Map(component.map((state) => [state, this.#dearestMoves(state)] as const));
    const parts: WalkParts = {
      ...this.#parts,
      states: component,
      leaving: (state, aim) => leaving.get(state)?.[aim],
    };
    const loop = this.#countedLoop(parts, members) ?? new OpenLoop(parts);
    if (loop instanceof OpenLoop) this.#parts.reportOpenLoop(members);
    for (const state of component) this.#loops.set(state, loop);
  }

  /** A proof whose guard has no step left to refuse proves nothing here. */
  #countedLoop(parts: WalkParts, members: ReadonlySet<string>): CountedLoop | undefined {
    const proof = this.#parts.proofOf(members);
    if (proof === undefined || !members.has(proof.guard)) return undefined;
    const targets = new Set(proof.targets.filter((target) => members.has(target)));
    const guarded = parts.stepsFrom(proof.guard).filter(({ to }) => targets.has(to));
    return guarded.length === 0 ? undefined : new CountedLoop(parts, proof, guarded);
  }

  /** The best of the ways to states that were looked at before, and of those that leave these states altogether. */
  #dearestMoves(state: string): PerAim<Move> {
    const moves: (Move | undefined)[] = [];
    const steps = this.#parts.stepsFrom(state);
    for (let aim = 0; aim < this.#parts.aims; aim += 1) {
      let best: Move | undefined;
      for (const { cost, to } of steps) {
        const onward = this.usd(to, aim);
        if (onward !== undefined) best = dearer(best, { cost, to, usd: cost.usd + onward });
      }
      moves.push(dearer(best, this.#parts.leaving(state, aim)));
    }
    return moves;
  }
}

/** One for each aim; undefined where no walk comes to it. */
type PerAim<T> = readonly (T | undefined)[];

function pay({ cost, to }: Move, costs: CostNode[]): string | null {
  costs.push(cost);
  return to;
}

/** The first of two that cost the same. */
const dearer = (one: Move | undefined, other: Move | undefined): Move | undefined =>
  one === undefined || (other !== undefined && other.usd > one.usd) ? other : one;

/** A target of a guard, and what the dearest walk from it to an aim costs. */
interface Start {
  readonly from: string;
  readonly usd: bigint;
}

/**
 * A loop whose guard lets at most `laps` laps begin. Without the guarded steps it falls apart into states and smaller
 * loops, each with a guard of its own. The dearest walk either never takes a guarded step, or goes to the guard, goes
 * round as often as it can, and from where the last guarded step led to its aim.
 */
class CountedLoop implements Loop {
  readonly #proof: ProvenLoop;
  readonly #targets: ReadonlySet<string>;
  readonly #guardCost: CostNode;
  readonly #inner: DearestWalks;
  /** The aim of walks that end at the guard. */
  readonly #guard: Aim;
  /** The dearest lap; undefined where loops inside, of no laps, keep any guarded step from leading back. */
  readonly #lap: Start | undefined;
  readonly #usd = new Map<string, PerAim<bigint>>();
  readonly #fold: WalkParts['fold'];
  #lapCost: CostNode | undefined;

  /** `guarded` are the steps, at least one, that the guard takes at most `laps` times. */
  constructor(parts: WalkParts, proof: ProvenLoop, guarded: readonly Step[]) {
    const guardCost = must(guarded[0], `a guarded step from ${proof.guard}`).cost;
    const targets = new Set(guarded.map(({ to }) => to));
    this.#proof = proof;
    this.#fold = parts.fold;
    this.#targets = targets;
    this.#guardCost = guardCost;
    this.#guard = parts.aims;
    const unguarded = parts.stepsFrom(proof.guard).filter(({ to }) => !targets.has(to));
    const atGuard: Move = { cost: guardCost, to: null, usd: guardCost.usd };
    this.#inner = new DearestWalks({
      ...parts,
      aims: parts.aims + 1,
      stepsFrom: (state) => (state === proof.guard ? unguarded : parts.stepsFrom(state)),
      leaving: (state, aim) => {
        if (aim !== this.#guard) return parts.leaving(state, aim);
        return state === proof.guard ? atGuard : undefined;
      },
    });
    this.#lap = this.#afterGuard(this.#guard);
    for (const state of parts.states) {
      this.#usd.set(
        state,
        Array.from({ length: parts.aims }, (_, aim) => this.#dearest(state, aim)),
      );
    }
  }

  usd(state: string, aim: Aim): bigint | undefined {
    return this.#usd.get(state)?.[aim];
  }

  walk(state: string, aim: Aim, costs: CostNode[]): string | null {
    const last = this.#afterGuard(aim);
    if (last === undefined || this.usd(state, aim) === this.#inner.usd(state, aim)) {
      return this.#inner.walk(state, aim, costs);
    }
    this.#inner.walk(state, this.#guard, costs);
    const { laps } = this.#proof;
    if (this.#lap !== undefined && this.#endsAtGuard(this.#lap, last, aim)) {
      costs.push(this.#laps(this.#lap, laps));
      return this.#walkOnFromGuard(aim, costs);
    }
    if (this.#lap !== undefined && laps > 1) costs.push(this.#laps(this.#lap, laps - 1));
    return this.#inner.walk(last.from, aim, costs);
  }

  #dearest(state: string, aim: Aim): bigint | undefined {
    const direct = this.#inner.usd(state, aim);
    const around = this.#around(state, aim);
    return around === undefined || (direct !== undefined && direct >= around) ? direct : around;
  }

  /** With as many guarded steps as there can be. */
  #around(state: string, aim: Aim): bigint | undefined {
    const before = this.#inner.usd(state, this.#guard);
    const after = this.#afterGuard(aim);
    if (before === undefined || after === undefined || this.#proof.laps < 1) return undefined;
    return before + BigInt(this.#proof.laps - 1) * (this.#lap?.usd ?? 0n) + after.usd;
  }

  /** The dearest walk to the aim that begins with a target of the guard. */
  #afterGuard(aim: Aim): Start | undefined {
    let best: Start | undefined;
    for (const from of this.#targets) {
      const usd = this.#inner.usd(from, aim);
      if (usd !== undefined && (best === undefined || usd > best.usd)) best = { from, usd };
    }
    return best;
  }

  /** Whether the last way to the aim may just as well be one more lap, and from the guard on. */
  #endsAtGuard(lap: Start, last: Start, aim: Aim): boolean {
    const fromGuard = this.#inner.isInLoop(this.#proof.guard) ? undefined : this.#inner.usd(this.#proof.guard, aim);
    return fromGuard !== undefined && lap.usd + fromGuard - this.#guardCost.usd === last.usd;
  }

  /** The guard itself is part of the lap that ended there. */
  #walkOnFromGuard(aim: Aim, costs: CostNode[]): string | null {
    const rest: CostNode[] = [];
    const next = this.#inner.walk(this.#proof.guard, aim, rest);
    for (const cost of rest.slice(1)) costs.push(cost);
    return next;
  }

  #laps({ from }: Start, count: number): CostNode {
    this.#lapCost ??= this.#oneLap(from);
    return times('laps', this.#proof.at, count, this.#lapCost);
  }

  #oneLap(from: string): CostNode {
    const costs: CostNode[] = [];
    this.#inner.walk(from, this.#guard, costs);
    return this.#fold(sum('one lap', this.#guardCost.at, costs));
  }
}

/** A loop that nothing bounds. It is reported; what it is said to cost means nothing. */
class OpenLoop implements Loop {
  readonly #parts: WalkParts;

  constructor(parts: WalkParts) {
    this.#parts = parts;
  }

  usd(_state: string, aim: Aim): bigint | undefined {
    return this.#exit(aim)?.usd;
  }

  walk(_state: string, aim: Aim, costs: CostNode[]): string | null {
    const { cost, to } = must(this.#exit(aim), 'a way out of the loop');
    costs.push(cost);
    return to;
  }

  #exit(aim: Aim): Move | undefined {
    return this.#parts.states.map((state) => this.#parts.leaving(state, aim)).reduce(dearer, undefined);
  }
}
