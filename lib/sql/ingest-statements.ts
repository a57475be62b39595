import type { ColumnSchema } from '../contracts/column-schema.ts';
import type { IngestProgram } from '../contracts/job-program.ts';
import type { PlannedSource } from '../plan/plan.ts';
import { byEngine } from './by-engine.ts';
import { castText, TYPE_NAMES } from './cast.ts';
import type { Dialect } from './dialect.ts';
import { scalar } from './scalar.ts';

/** Longer values are cut where a reason quotes them. */
const QUOTED_CHARACTERS = 40;

/** Known times lie in the years 1 to 9999, which every reader of Parquet can hold. Microseconds, inclusive. */
const EARLIEST = -62_135_596_800_000_000;
const LATEST = 253_402_300_799_999_999n;

type IngestPlan = Pick<PlannedSource, 'columns' | 'ingest'>;

/** The three views of an ingest, each built on the one before (`IngestProgram.statements`). */
export function ingestStatements(plan: IngestPlan): IngestProgram['statements'] {
  return {
    typed: byEngine((dialect) => typedStatement(plan, dialect)),
    accepted: byEngine((dialect) => acceptedStatement(plan, dialect)),
    quarantined: byEngine(quarantinedStatement),
  };
}

/**
 * Casts, then judges, then dates: a row's reason is its damage, else the first column that cannot be cast, else the
 * first rule that fails, else a known time that cannot be told. Nothing is computed of a row that already has one.
 */
function typedStatement(plan: IngestPlan, dialect: Dialect): string {
  const names = plan.columns.map(({ name }) => dialect.identifier(name)).join(', ');
  const known = knownTime(plan, dialect);
  return [
    `SELECT _unit, _object, _line, _record, ${names},`,
    `  CASE WHEN _known IS NOT NULL THEN ${dialect.fromMicroseconds('_known')} END AS known_time,`,
    `  CASE WHEN _reason IS NOT NULL THEN _reason WHEN _known IS NULL THEN ${dialect.textLiteral('known time: missing')} END AS _reason`,
    `FROM (SELECT *, CASE WHEN _instant BETWEEN ${EARLIEST} AND ${LATEST} THEN _instant END AS _known`,
    `FROM (SELECT *, CASE WHEN _reason IS NULL THEN ${known} END AS _instant`,
    `FROM (SELECT *, CASE`,
    ...reasonBranches(plan, dialect),
    `  END AS _reason`,
    `FROM (SELECT _unit, _object, _line, _record, _damage,`,
    plan.columns.map((column) => castColumn(column, dialect)).join(',\n'),
    `FROM raw) AS casts) AS judged) AS dated) AS known`,
  ].join('\n');
}

function knownTime({ ingest }: IngestPlan, dialect: Dialect): string {
  return scalar(ingest.knownTime, dialect);
}

const rawText = (name: string, dialect: Dialect): string => dialect.identifier(`_text_${name}`);

function castColumn({ name, type }: ColumnSchema, dialect: Dialect): string {
  const column = dialect.identifier(name);
  return `  ${column} AS ${rawText(name, dialect)}, ${castText(column, type, dialect)} AS ${column}`;
}

function reasonBranches({ columns, ingest }: IngestPlan, dialect: Dialect): readonly string[] {
  const casts = columns.filter(({ type }) => type !== 'text').map((column) => castBranch(column, dialect));
  const rules = ingest.reasons.map(
    ({ name, holds }) => `  WHEN NOT ${scalar(holds, dialect)} THEN ${dialect.textLiteral(name)}`,
  );
  return ['  WHEN _damage IS NOT NULL THEN _damage', ...casts, ...rules];
}

function castBranch({ name, type }: ColumnSchema, dialect: Dialect): string {
  const text = rawText(name, dialect);
  const shown = `SUBSTRING(${dialect.printable(text)}, 1, ${QUOTED_CHARACTERS})`;
  const cut = `CASE WHEN LENGTH(${text}) > ${QUOTED_CHARACTERS} THEN ${dialect.textLiteral('…')} ELSE '' END`;
  const reason = `CONCAT(${dialect.textLiteral(`${name}: not ${TYPE_NAMES[type]}: "`)}, ${shown}, ${cut}, '"')`;
  return `  WHEN ${text} IS NOT NULL AND ${dialect.identifier(name)} IS NULL THEN ${reason}`;
}

function acceptedStatement({ columns, ingest }: IngestPlan, dialect: Dialect): string {
  const names = columns.map(({ name }) => dialect.identifier(name)).join(', ');
  const instant = dialect.toMicroseconds(dialect.identifier(ingest.eventTime));
  return `SELECT _unit, ${dialect.isoDay(instant)} AS ${dialect.identifier('day')}, ${names}, known_time\nFROM typed\nWHERE _reason IS NULL`;
}

const quarantinedStatement = (): string =>
  'SELECT _unit, _object, _line, _reason, _record\nFROM typed\nWHERE _reason IS NOT NULL';
