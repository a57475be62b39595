import type { CheckProgram } from '../contracts/job-program.ts';
import type { QualityCheck } from '../definition/quality-check.ts';
import { assertNever } from '../errors/fault.ts';
import { byEngine } from './by-engine.ts';

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

function rangeName(measure: string, min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `${measure} <= ${max}`;
  return max === undefined ? `${measure} >= ${min}` : `${min} <= ${measure} <= ${max}`;
}
