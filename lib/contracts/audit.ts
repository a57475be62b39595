import type { Engine } from './run-input.ts';

/** Label rows that a run's audit looks at: enough that a leak which shows in one of 300 rows is missed once in 28 runs. */
export const AUDITED_ROWS = 1_000;

/** Which rule, relaxed, gives the value in the set. */
export const LEAK_EXPLANATIONS = [
  'window-closed',
  'window-longer',
  'corrections-ignored',
  'correction-early',
  'future-events',
  'known-time-ignored',
  'as-of-now',
] as const;
export type LeakExplanation = (typeof LEAK_EXPLANATIONS)[number];

export const OFFENDING_REASONS = ['not-known', 'not-happened', 'outside-window', 'superseded'] as const;

/** A label row of a set; times are ISO 8601 UTC with microseconds. */
export interface AuditedLabel {
  readonly time: string;
  /** By label column. */
  readonly entity: Readonly<Record<string, string | null>>;
}

/** A source row that should not have counted at the label time. */
export interface OffendingRow {
  readonly eventTime: string;
  readonly knownTime: string;
  /** When a later version of the fact became known; null: none did. */
  readonly supersededTime: string | null;
  readonly rowKey: string | null;
  /** Operand of the feature in that row. */
  readonly value: number | string | null;
  readonly reason: (typeof OFFENDING_REASONS)[number];
}

/** One value of a set that could not have been known, or one label row that is wrong in itself. */
export type AuditFinding = { readonly label: AuditedLabel /** One line, for people. */; readonly message: string } & (
  | {
      readonly kind: 'feature';
      readonly feature: string;
      /** Null: a feature derived of others. */
      readonly view: string | null;
      readonly valueInSet: number | null;
      readonly valueKnown: number | null;
      /** Null where no single relaxed rule gives the set's value. */
      readonly explanation: LeakExplanation | null;
      readonly offendingRow: OffendingRow | null;
    }
  /** The label was known at or before its label time. */
  | { readonly kind: 'label-known'; readonly knownTime: string }
  /** No source row gives this label row. */
  | { readonly kind: 'label-unfounded' }
);

/** What a leak audit of a training set found; with at most twenty findings it fits into a state. */
export interface AuditReport {
  readonly version: 1;
  readonly pipeline: string;
  /** URI of the manifest, or the path of somebody's files. */
  readonly trainingSet: string;
  readonly engine: Engine;
  readonly passed: boolean;
  readonly rows: {
    readonly inSet: number;
    /** Rows whose windows the published sources do not cover: they are not audited. */
    readonly outside: number;
    readonly audited: number;
  };
  readonly features: {
    readonly checked: readonly string[];
    /** Features that the set does not have, or that are not recomputed. */
    readonly unchecked: readonly string[];
  };
  /** Of all rows and features. */
  readonly findingCount: number;
  readonly findings: readonly AuditFinding[];
  /** Messages of the first findings, at most three. */
  readonly failures: readonly string[];
}
