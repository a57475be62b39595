import type { Diagnostic } from '../errors/diagnostic.ts';
import type { Usd } from '../units/usd.ts';
import type { AcceptableAssumption } from './cost-context.ts';
import type { PriceBook } from './price-book.ts';
import type { StackTemplate } from './templates/template-set.ts';
import type { CostNode } from './tree/cost-node.ts';

/** What is asked of the analyser. */
export interface CostRequest {
  readonly stacks: readonly StackTemplate[];
  readonly book: PriceBook;
  /** Values of template parameters, by name or `stack/name`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly accepted: ReadonlySet<AcceptableAssumption>;
  /** Units a month of what AWS gives no cap for, by the name of the declared meter. */
  readonly quantities: Readonly<Record<string, number>>;
  /** Amounts that override those declared in the templates' metadata. */
  readonly budget: { readonly run?: Usd; readonly month?: Usd };
  readonly spot: SpotExpectation;
  /** The day of the review, `2026-11-21`: how old the price book is. */
  readonly today: string;
}

/** What is expected, not proven, of spot capacity. */
export interface SpotExpectation {
  readonly interruptionsPerHour: number;
  /** Share of the on-demand price that spot saves, 0 to 1 (exclusive). */
  readonly saving: number;
  /** Overrides what the tasks declare. */
  readonly checkpointSeconds?: number;
  /** Download of image and data, which every start pays anew; five minutes if not given. */
  readonly restartSeconds?: number;
}

/** One execution of a state machine that is started from outside. */
export interface MachineBound {
  readonly machine: string;
  readonly usd: Usd;
  /** Of one execution; null where none is declared. */
  readonly budget: Usd | null;
  readonly tree: CostNode;
  /** The most executions that the templates' schedules start in a month. */
  readonly startsPerMonth: number;
}

/** What AWS gives no cap for: named beside every bound, part of it only as far as the user gave a quantity. */
export interface DeclaredMeter {
  /** `log-gigabytes`. */
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** Units a month. */
  readonly quantity: number | null;
  readonly usd: Usd | null;
}

/** What a bound rests on and the templates cannot show. */
export interface NamedAssumption {
  readonly name: string;
  readonly statement: string;
  /** What makes it true, or finds out. */
  readonly resolution: string;
}

/** Expected, not bounded: one try of a managed spot job. */
export interface ExpectedSpotJob {
  readonly at: string;
  readonly checkpointSeconds: number | null;
  readonly expectedSeconds: number;
  readonly expectedUsd: Usd;
  readonly boundUsd: Usd;
}

export type Verdict = 'bounded' | 'unbounded' | 'over-budget';

export interface CostAssessment {
  readonly verdict: Verdict;
  readonly region: string;
  /** Day on which the price book was compiled. */
  readonly compiledOn: string;
  /** The dearest execution; null beside any error. */
  readonly run: { readonly usd: Usd | null; readonly budget: Usd | null; readonly tree: CostNode | null };
  /** Scheduled executions and standing charges of one calendar month (UTC); null beside any error. */
  readonly month: { readonly usd: Usd | null; readonly budget: Usd | null; readonly tree: CostNode | null };
  readonly machines: readonly MachineBound[];
  readonly expected: readonly ExpectedSpotJob[];
  readonly diagnostics: readonly Diagnostic[];
  readonly declared: readonly DeclaredMeter[];
  readonly assumptions: readonly NamedAssumption[];
}
