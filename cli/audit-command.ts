import { AUDITED_ROWS, type AuditReport } from '../lib/contracts/audit.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { auditTrainingSet } from '../local/audit/audit-training-set.ts';
import { auditLine } from './audit-line.ts';
import { defineCommand } from './command.ts';
import { EXIT } from './exit-code.ts';
import { formatCount, renderFields } from './table.ts';

const OPTIONS = {
  rows: { kind: 'value', value: 'N', summary: `label rows to audit, or all; default: ${AUDITED_ROWS}` },
  program: { kind: 'value', value: 'FILE', summary: "program to hold the set against; default: the set's own" },
  columns: {
    kind: 'value',
    value: 'NAME=COLUMN,...',
    summary: "columns of somebody's set by their names in the pipeline",
  },
  'label-time': { kind: 'value', value: 'COLUMN', summary: "label time of somebody's set; default: label_time" },
  json: { kind: 'flag', summary: 'as JSON' },
} as const;

export const auditCommand = defineCommand({
  name: 'audit',
  summary: 'audit a training set for values that could not have been known',
  positionals: 'training-set URI',
  options: OPTIONS,
  details: [
    'Label rows are chosen by a hash of what they say. Each of their features is recomputed from the published sources',
    'by a range join: rows that were known and had happened by then, inside of the window, and not yet corrected. A value',
    'that differs is told with the rule that explains it, and the first source row that should not have counted.',
    'A set that a run published needs nothing else. Any other set, Parquet or CSV, is held against the pipeline of this',
    'project; it needs label times and the entities, and at least one feature. Numbers of such a set are equal within',
    '1e-9. Exit code 3: a leak was found.',
    '',
    'example: hundredfold audit training-set other.parquet --columns origin=airport --label-time at --rows all',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const [what, set, ...others] = positionals;
    if (what !== 'training-set' || set === undefined || others.length > 0) throw usage(positionals);
    const interrupted = new AbortController();
    const report = await auditTrainingSet(
      {
        directory,
        set,
        rows: rowCount(options.rows),
        program: options.program,
        columns: columnMap(options.columns),
        labelTime: options['label-time'],
        signal: interrupted.signal,
      },
      { notify: () => undefined },
    );
    terminal.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : renderReport(report));
    if (options.json) terminal.report(auditLine(report));
    return report.passed ? EXIT.yes : EXIT.no;
  },
});

const usage = (positionals: readonly string[]): UserError =>
  new UserError({
    code: 'usage',
    message: `audit does not take ${positionals.map((word) => JSON.stringify(word)).join(' ') || 'nothing'}`,
    resolution: 'write hundredfold audit training-set URI',
  });

function rowCount(given: string | undefined): number | 'all' {
  if (given === undefined) return AUDITED_ROWS;
  if (given === 'all') return 'all';
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given);
  throw new UserError({
    code: 'unknown-value',
    message: `--rows ${JSON.stringify(given)} is no number of rows`,
    resolution: 'give a whole number from 1, or all',
  });
}

function columnMap(given: string | undefined): ReadonlyMap<string, string> {
  const pairs = (given ?? '').split(',').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const [name = '', column = '', ...others] = pair.split('=');
      if (name !== '' && column !== '' && others.length === 0) return [name, column];
      throw new UserError({
        code: 'unknown-value',
        message: `--columns ${JSON.stringify(pair)} maps no column`,
        resolution: 'give NAME=COLUMN, several of them parted by commas',
      });
    }),
  );
}

function renderReport(report: AuditReport): string {
  const { rows, features, findings, findingCount } = report;
  const outside = rows.outside === 0 ? '' : `; ${formatCount(rows.outside)} rows lie outside of what the sources cover`;
  const fields = renderFields([
    ['training set', report.trainingSet],
    ['rows', `${formatCount(rows.audited)} of ${formatCount(rows.inSet)}${outside}`],
    ['features', `${features.checked.length} recomputed`],
    ...(features.unchecked.length === 0 ? [] : [['not in the set', features.unchecked.join(', ')] as const]),
  ]);
  const told = findings.map(({ message }) => `  ${message}`);
  const more = findingCount > findings.length ? [`  … and ${formatCount(findingCount - findings.length)} more`] : [];
  return `${[auditLine(report), fields, ...(told.length === 0 ? [] : ['', ...told, ...more])].join('\n')}\n`;
}
