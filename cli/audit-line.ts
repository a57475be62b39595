import type { AuditReport } from '../lib/contracts/audit.ts';
import { formatCount } from './table.ts';

/** An audit in one line: `audited 1,000 rows x 27 features: no leak`. */
export function auditLine({ rows, features, findingCount, passed }: AuditReport): string {
  const looked = `audited ${formatCount(rows.audited)} rows x ${formatCount(features.checked.length)} features`;
  if (passed) return `${looked}: no leak`;
  return `${looked}: ${formatCount(findingCount)} ${findingCount === 1 ? 'value' : 'values'} could not have been known`;
}
