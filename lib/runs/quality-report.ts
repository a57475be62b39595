import type { QualityReport } from '../contracts/manifest.ts';
import { count, flag, list, oneOf, type Reader, shape, text } from '../contracts/reader.ts';

/** A whole quality report; the handlers need only its verdict. */
export const qualityReportReader: Reader<QualityReport> = shape<QualityReport>({
  version: oneOf(1),
  passed: flag,
  rows: count,
  accepted: count,
  quarantined: count,
  units: count,
  failures: list(text),
  failureCount: count,
  reasons: list(shape<QualityReport['reasons'][number]>({ reason: text, rows: count })),
});
