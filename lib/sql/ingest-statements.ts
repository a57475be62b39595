import type { SourceIngest } from '../contracts/job-program.ts';
import { must } from '../errors/fault.ts';
import type { PlannedIngest, ReadColumn } from '../plan/plan.ts';
import { byEngine } from './by-engine.ts';
import { castText, finiteText, TYPE_NAMES } from './cast.ts';
import type { Dialect } from './dialect.ts';
import { isLocal, localCast, localReasons, withMoments } from './local-time.ts';
import { quotedReason, rawText } from './quoted-reason.ts';
import { scalar } from './scalar.ts';

/** Known times lie in the years 1 to 9999, which every reader of Parquet can hold. Microseconds, inclusive. */
const EARLIEST = -62_135_596_800_000_000;
const LATEST = 253_402_300_799_999_999n;

/** The three views of an ingest, each built on the one before (`IngestProgram.statements`). */
export function ingestStatements(plan: PlannedIngest): SourceIngest['statements'] {
  return {
    typed: byEngine((dialect) => (plan.knownTime === null ? judgedRows(plan, dialect) : datedRows(plan, dialect))),
    accepted: byEngine((dialect) => acceptedStatement(plan, dialect)),
    quarantined: byEngine(quarantinedStatement),
  };
}

/**
 * Casts, then judges: a row's reason is its damage, else the first column that cannot be cast, else the first rule that
 * fails.
 */
function judgedRows(plan: PlannedIngest, dialect: Dialect): string {
  return [
    `SELECT _unit, _object, _line, _record, ${columnNames(plan, dialect)}, CASE`,
    ...reasonBranches(plan, dialect),
    `  END AS _reason`,
    `FROM (SELECT _unit, _object, _line, _record, _damage,`,
    plan.columns.map((column) => castColumn(column, dialect)).join(',\n'),
    `FROM ${withMoments(plan.columns.filter(isLocal), dialect)}) AS casts`,
  ].join('\n');
}

/** Judges, then dates: a known time that cannot be told is a reason too. Nothing is computed of a row that has one. */
function datedRows(plan: PlannedIngest, dialect: Dialect): string {
  const known = scalar(must(plan.knownTime, 'events with a known time'), dialect);
  return [
    `SELECT _unit, _object, _line, _record, ${columnNames(plan, dialect)},`,
    `  CASE WHEN _known IS NOT NULL THEN ${dialect.fromMicroseconds('_known')} END AS known_time,`,
    `  CASE WHEN _reason IS NOT NULL THEN _reason WHEN _known IS NULL THEN ${dialect.textLiteral('known time: missing')} END AS _reason`,
    `FROM (SELECT *, CASE WHEN _instant BETWEEN ${EARLIEST} AND ${LATEST} THEN _instant END AS _known`,
    `FROM (SELECT *, CASE WHEN _reason IS NULL THEN ${known} END AS _instant`,
    `FROM (${judgedRows(plan, dialect)}) AS judged) AS dated) AS known`,
  ].join('\n');
}

const columnNames = ({ columns }: PlannedIngest, dialect: Dialect): string =>
  columns.map(({ name }) => dialect.identifier(name)).join(', ');

function castColumn(read: ReadColumn, dialect: Dialect): string {
  if (isLocal(read)) return localCast(read, dialect);
  const { name, type, notFinite } = read;
  const column = dialect.identifier(name);
  const text = notFinite === 'null' ? finiteText(column, dialect) : column;
  return `  ${text} AS ${rawText(name, dialect)}, ${castText(column, type, dialect)} AS ${column}`;
}

function reasonBranches({ columns, reasons }: PlannedIngest, dialect: Dialect): readonly string[] {
  const casts = columns.filter(({ type }) => type !== 'text').flatMap((column) => castBranches(column, dialect));
  const rules = reasons.map(
    ({ name, holds }) => `  WHEN NOT ${scalar(holds, dialect)} THEN ${dialect.textLiteral(name)}`,
  );
  return ['  WHEN _damage IS NOT NULL THEN _damage', ...casts, ...rules];
}

function castBranches(column: ReadColumn, dialect: Dialect): readonly string[] {
  if (isLocal(column)) return localReasons(column, dialect);
  const { name, type } = column;
  const reason = quotedReason(name, `not ${TYPE_NAMES[type]}`, dialect);
  return [`  WHEN ${rawText(name, dialect)} IS NOT NULL AND ${dialect.identifier(name)} IS NULL THEN ${reason}`];
}

/** Rows of events lie by the UTC day of their event time; those of a static table by unit, for they have no times. */
function acceptedStatement(plan: PlannedIngest, dialect: Dialect): string {
  const { eventTime } = plan;
  const names = columnNames(plan, dialect);
  const day = eventTime === null ? '_unit' : dialect.isoDay(dialect.toMicroseconds(dialect.identifier(eventTime)));
  const columns = eventTime === null ? names : `${names}, known_time`;
  return `SELECT _unit, ${day} AS ${dialect.identifier('day')}, ${columns}\nFROM typed\nWHERE _reason IS NULL`;
}

const quarantinedStatement = (): string =>
  'SELECT _unit, _object, _line, _reason, _record\nFROM typed\nWHERE _reason IS NOT NULL';
