import type { ChampionComparison, EvaluationReport, METRICS } from '../contracts/model.ts';
import type { Champion, Decision } from '../contracts/registry.ts';
import type { Gate, RunProgram } from '../contracts/run-program.ts';
import { assertNever } from '../errors/fault.ts';

/** Losses: a smaller one is better. */
const SMALLER_IS_BETTER: ReadonlySet<(typeof METRICS)[number]> = new Set(['log_loss', 'brier']);

/** What the gates said: the state machine's decision, and the names of those that failed. */
export interface GateVerdict {
  readonly decision: 'approved' | 'candidate';
  readonly failedGates: readonly string[];
}

/**
 * Whether the version may become the champion, with every reason in words where it may not. A champion that could not
 * be compared is never replaced, whatever the gates say.
 */
export function decide(program: RunProgram, report: EvaluationReport, verdict: GateVerdict): Decision {
  const incomparable = incomparableReason(report.championComparison);
  if (verdict.decision === 'approved' && incomparable === undefined) return { status: 'approved' };
  const unmet = program.gates.map((gate) => unmetReason(gate, report)).filter((reason) => reason !== undefined);
  const reasons = [...(incomparable === undefined ? [] : [incomparable]), ...unmet];
  return { status: 'candidate', reasons: reasons.length > 0 ? reasons : verdict.failedGates };
}

function incomparableReason(comparison: ChampionComparison): string | undefined {
  switch (comparison) {
    case 'compared':
    case 'no-champion':
      return undefined;
    case 'trained-on-this-future':
      return "the champion was trained on this window's future, so that the two cannot be compared";
    case 'missing-columns':
      return 'the champion reads columns that the training set does not have, so that the two cannot be compared';
    default:
      return assertNever(comparison);
  }
}

function unmetReason(gate: Gate, { candidate, champion, test }: EvaluationReport): string | undefined {
  const reached = candidate.test[gate.metric];
  switch (gate.kind) {
    case 'exceeds-base-rate':
      return reached >= test.baseRate + gate.by
        ? undefined
        : `test ${gate.metric} ${rounded(reached)} does not exceed the base rate ${rounded(test.baseRate)} by ${gate.by}`;
    case 'no-worse-than-champion': {
      if (champion === null) return undefined;
      const best = champion.test[gate.metric];
      const isNoWorse = SMALLER_IS_BETTER.has(gate.metric) ? reached <= best : reached >= best;
      return isNoWorse
        ? undefined
        : `test ${gate.metric} ${rounded(reached)} is worse than ${rounded(best)} of the champion, version ${champion.version}`;
    }
    default:
      return assertNever(gate);
  }
}

const rounded = (metric: number): string => metric.toFixed(4);

/** What the champion's pointer says when a promotion is tried. */
export type PromotionStep =
  | { readonly kind: 'promote'; readonly champion: Champion }
  | { readonly kind: 'promoted'; readonly previous: number | null }
  | { readonly kind: 'lost'; readonly champion: number };

/**
 * A version follows exactly the champion that it was compared with; null: there was none. One that is the champion, or
 * was until the present one followed it, was promoted by a call that did not get to say so.
 */
export function promotionStep(
  pointer: Champion | undefined,
  promotion: { readonly number: number; readonly compared: number | null; readonly by: string },
): PromotionStep {
  const { number, compared, by } = promotion;
  if (pointer?.number === number) return { kind: 'promoted', previous: pointer.previous };
  if (pointer?.previous === number) return { kind: 'promoted', previous: compared };
  if (pointer !== undefined && pointer.number !== compared) return { kind: 'lost', champion: pointer.number };
  return { kind: 'promote', champion: { version: 1, number, approvedBy: by, previous: pointer?.number ?? null } };
}

/** Why a version that passed every gate stays a candidate. */
export const lostReason = (champion: number): string =>
  `the champion changed to version ${champion} after the comparison`;
