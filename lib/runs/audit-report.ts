import {
  type AuditedLabel,
  type AuditFinding,
  type AuditReport,
  LEAK_EXPLANATIONS,
  OFFENDING_REASONS,
  type OffendingRow,
} from '../contracts/audit.ts';
import {
  count,
  flag,
  list,
  nullable,
  number,
  oneOf,
  type Reader,
  record,
  shape,
  tagged,
  text,
} from '../contracts/reader.ts';
import { ENGINES } from '../contracts/run-input.ts';
import type { Checked } from '../errors/diagnostic.ts';

type FindingOf<Kind extends AuditFinding['kind']> = Extract<AuditFinding, { readonly kind: Kind }>;

const common = {
  label: shape<AuditedLabel>({ time: text, entity: record(nullable(text)) }),
  message: text,
} as const;

const offendingRow: Reader<OffendingRow> = shape<OffendingRow>({
  eventTime: text,
  knownTime: text,
  supersededTime: nullable(text),
  rowKey: nullable(text),
  value: nullable<number | string>(numberOrText),
  reason: oneOf(...OFFENDING_REASONS),
});

const finding: Reader<AuditFinding> = tagged<AuditFinding>('kind', {
  feature: shape<FindingOf<'feature'>>({
    ...common,
    kind: oneOf('feature'),
    feature: text,
    view: nullable(text),
    valueInSet: nullable(number),
    valueKnown: nullable(number),
    explanation: nullable(oneOf(...LEAK_EXPLANATIONS)),
    offendingRow: nullable(offendingRow),
  }),
  'label-known': shape<FindingOf<'label-known'>>({ ...common, kind: oneOf('label-known'), knownTime: text }),
  'label-unfounded': shape<FindingOf<'label-unfounded'>>({ ...common, kind: oneOf('label-unfounded') }),
});

/** The whole report of a leak audit. */
export const auditReportReader: Reader<AuditReport> = shape<AuditReport>({
  version: oneOf(1),
  pipeline: text,
  trainingSet: text,
  engine: oneOf(...ENGINES),
  passed: flag,
  rows: shape<AuditReport['rows']>({ inSet: count, outside: count, audited: count }),
  features: shape<AuditReport['features']>({ checked: list(text), unchecked: list(text) }),
  findingCount: count,
  findings: list(finding),
  failures: list(text),
});

function numberOrText(json: unknown, at: string): Checked<number | string> {
  return typeof json === 'string' ? text(json, at) : number(json, at);
}
