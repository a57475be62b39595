import type { CheckProgram } from '../contracts/job-program.ts';
import type { QualityCheck } from '../definition/quality-check.ts';
import { assertNever } from '../errors/fault.ts';
import type { PlannedIngest } from '../plan/plan.ts';
import { byEngine } from './by-engine.ts';
import { rowKey } from './identity.ts';

/** A check as an aggregate over the typed rows of a landing unit, with its inclusive ends. */
export function checkProgram(check: QualityCheck): CheckProgram {
  switch (check.kind) {
    case 'row-count':
      return {
        name: rangeName('rowCount', check.min, check.max),
        measure: byEngine(() => 'COUNT(*)'),
        min: check.min ?? null,
        max: check.max ?? null,
      };
    case 'quarantined':
      return {
        name: rangeName('quarantined', undefined, check.max),
        // A unit without rows has none quarantined.
        measure: byEngine(() => 'CAST(COUNT(_reason) AS DOUBLE) / CAST(GREATEST(COUNT(*), 1) AS DOUBLE)'),
        min: null,
        max: check.max,
      };
    default:
      return assertNever(check);
  }
}

/**
 * How many accepted rows of a landing unit repeat the key of another one: none may, for then the table would have two
 * answers. It stops the run, as rows that nobody can choose between are no fault of one of them.
 */
export function uniqueKeyCheck(columns: PlannedIngest['columns'], key: readonly string[]): CheckProgram {
  return {
    name: `rows that repeat a key (${key.join(', ')}) <= 0`,
    measure: byEngine((dialect) => {
      const accepted = rowKey(columns, key, dialect);
      return `COUNT(CASE WHEN _reason IS NULL THEN 1 END) - COUNT(DISTINCT CASE WHEN _reason IS NULL THEN ${accepted} END)`;
    }),
    min: null,
    max: 0,
  };
}

function rangeName(measure: string, min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `${measure} <= ${max}`;
  return max === undefined ? `${measure} >= ${min}` : `${min} <= ${measure} <= ${max}`;
}
