import type { Metrics } from '../contracts/model.ts';
import type { Gate } from '../contracts/run-program.ts';
import { assertNever } from '../errors/fault.ts';

/** Losses: a smaller one is better. */
const SMALLER_IS_BETTER: ReadonlySet<keyof Metrics> = new Set(['log_loss', 'brier']);

/** A promotion rule as JSONata over the evaluation report `$report`. */
export interface GateRule {
  /** Expression of the text that names the rule where it failed. */
  readonly name: string;
  /** True only where the rule holds: anything missing in the report lets it fail. */
  readonly condition: string;
}

/**
 * Compared or alone: where a champion could not be compared, because it was trained on this window's future or
 * needs other columns, no version is promoted over it.
 */
const CHAMPION_IS_COMPARABLE: GateRule = {
  name: "'champion comparison: ' & $report.championComparison",
  condition: "$report.championComparison in ['compared', 'no-champion']",
};

/** For people, as a definition spells it. */
export function gateName(gate: Gate): string {
  switch (gate.kind) {
    case 'exceeds-base-rate':
      return `exceedsBaseRate(${gate.metric}, ${gate.by})`;
    case 'no-worse-than-champion':
      return `noWorseThanChampion(${gate.metric})`;
    default:
      return assertNever(gate);
  }
}

function gateCondition(gate: Gate): string {
  const candidate = `$report.candidate.test.${gate.metric}`;
  switch (gate.kind) {
    case 'exceeds-base-rate':
      return `${candidate} > $report.test.baseRate + ${gate.by}`;
    case 'no-worse-than-champion': {
      const order = SMALLER_IS_BETTER.has(gate.metric) ? '<=' : '>=';
      const compared = `${candidate} ${order} $report.champion.test.${gate.metric}`;
      return `$report.championComparison = 'no-champion' or ${compared}`;
    }
    default:
      return assertNever(gate);
  }
}

/** The rules of a pipeline in their order, after the one that every pipeline has. */
export function gateRules(gates: readonly Gate[]): readonly GateRule[] {
  return [
    CHAMPION_IS_COMPARABLE,
    ...gates.map((gate) => ({ name: `'${gateName(gate)}'`, condition: gateCondition(gate) })),
  ];
}

/** Expression that is true exactly where every rule holds. */
export const allGatesHold = (gates: readonly Gate[]): string =>
  gateRules(gates)
    .map(({ condition }) => `(${condition})`)
    .join(' and ');

/** Expression of the names of the rules that failed, in their order. */
export const failedGates = (gates: readonly Gate[]): string =>
  `[${gateRules(gates)
    .map(({ name, condition }) => `(${condition}) ? [] : ${name}`)
    .join(', ')}]`;
