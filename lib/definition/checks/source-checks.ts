import { COLUMN_TYPES, type ColumnType } from '../../contracts/column-schema.ts';
import { assertNever } from '../../errors/fault.ts';
import type { Column, ColumnMap, PlaceClock } from '../column.ts';
import type { CsvFormat } from '../csv-format.ts';
import { isPortablePattern } from '../pattern.ts';
import type { QualityCheck } from '../quality-check.ts';
import type { BetweenRule, RowRule } from '../row-rule.ts';
import type { AnySource, EventSource } from '../source.ts';
import type { AnyStaticTable } from '../static-table.ts';
import { checkColumn, checkFormula, checkText } from './formula-checks.ts';
import { checkSourceOptions, checkStaticTableOptions } from './option-checks.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';
import { checkDistinct, checkIdentifier, checkMember, checkNumber } from './quantity-checks.ts';
import { checkPlaceZone } from './zone-checks.ts';

/** Names that jobs give to columns of their own; names with a leading underscore are theirs too. */
export const RESERVED_COLUMNS: readonly string[] = [
  'known_time',
  'event_time',
  'label_time',
  'label',
  'row_key',
  'day',
];

const MOST_ROWS = Number.MAX_SAFE_INTEGER;

/** Everything about a source on its own. */
export function checkSource(source: AnySource): Problems {
  const at = `sources.${source.name}`;
  const { name, format, columns, rows, checks } = source;
  return [
    ...checkIdentifier(`${at}.name`, name),
    ...checkFormat(`${at}.format`, format),
    ...checkColumns(`${at}.columns`, columns),
    ...(source.kind === 'source' ? checkEvents(at, source) : checkStaticTable(at, source)),
    ...rows.flatMap((rule, index) => checkRule(`${at}.rows[${index}]`, rule, columns)),
    ...checks.flatMap((check, index) => checkQuality(`${at}.checks[${index}]`, check)),
  ];
}

/** What only a source of events has: times. */
function checkEvents(at: string, source: EventSource): Problems {
  const { columns, eventTime, knownTime, partition, key } = source;
  return [
    ...checkSourceOptions(at, source),
    ...checkColumn(`${at}.eventTime`, eventTime, columns, ['timestamp']),
    ...checkFormula(`${at}.knownTime`, knownTime, { columns, types: ['timestamp'] }),
    ...unless(partition?.kind === 'day' && partition.column === eventTime, `${at}.partition`, {
      code: 'not-allowed',
      message: `rows are partitioned by ${shown(partition?.column)}, the event time is ${shown(eventTime)}`,
      fix: `use day(${shown(eventTime)})`,
    }),
    ...(key === undefined ? NO_PROBLEMS : checkKey(`${at}.key`, key, { columns, types: FACT_KEY })),
  ];
}

function checkStaticTable(at: string, table: AnyStaticTable): Problems {
  const { key, columns } = table;
  const missing = problem(`${at}.key`, {
    code: 'missing',
    message: 'the static table has no key',
    fix: "name the columns that say what a row is about, such as key: ['airport']",
  });
  return [
    ...checkStaticTableOptions(at, table),
    ...(Array.isArray(key) ? checkKey(`${at}.key`, key, { columns, types: ROW_KEY }) : missing),
  ];
}

function checkFormat(at: string, format: CsvFormat | undefined): Problems {
  if (format?.kind !== 'csv')
    return problem(at, { code: 'missing', message: 'the source has no format', fix: 'use csv({ header: true })' });
  const { header, delimiter, quote } = format;
  const isCharacter = (text: unknown): boolean => typeof text === 'string' && /^[\t\x20-\x7e]$/.test(text);
  return [
    ...unless(header === true, `${at}.header`, {
      code: 'not-allowed',
      message: `header == ${shown(header)}, must be true`,
      fix: 'export the files with a header line, so that a changed column is noticed',
    }),
    ...unless(isCharacter(delimiter) && isCharacter(quote) && delimiter !== quote, at, {
      code: 'not-allowed',
      message: `delimiter == ${shown(delimiter)}, quote == ${shown(quote)}, must be two different ASCII characters`,
      fix: 'give one printable ASCII character or a tab for each',
    }),
  ];
}

function checkColumns(at: string, columns: ColumnMap): Problems {
  const names = Object.keys(columns);
  return [
    ...unless(names.length > 0, at, {
      code: 'missing',
      message: 'the source has no columns',
      fix: 'declare every column of the file, in its order',
    }),
    ...names.flatMap((name) => [
      ...checkIdentifier(`${at}.${name}`, name),
      ...unless(!RESERVED_COLUMNS.includes(name), `${at}.${name}`, {
        code: 'reserved-name',
        message: `the name ${name} is one that the jobs use themselves`,
        fix: `rename the column in the export; reserved are ${RESERVED_COLUMNS.join(', ')}`,
      }),
      ...checkMember(`${at}.${name}.type`, columns[name]?.type, COLUMN_TYPES),
      ...checkNotFinite(`${at}.${name}.notFinite`, columns[name]),
      ...checkClock(`${at}.${name}`, columns[name]?.clock),
    ]),
  ];
}

const checkNotFinite = (at: string, column: Column | undefined): Problems =>
  column?.notFinite === undefined ? NO_PROBLEMS : checkMember(at, column.notFinite, ['null']);

function checkClock(at: string, clock: PlaceClock | undefined): Problems {
  if (clock === undefined) return NO_PROBLEMS;
  const { zone, repeated } = clock;
  return [
    ...checkPlaceZone(`${at}.zone`, zone),
    ...(repeated === undefined ? NO_PROBLEMS : checkMember(`${at}.repeated`, repeated, ['earlier', 'later'])),
  ];
}

const FACT_KEY = ['text', 'integer', 'timestamp'] as const satisfies readonly ColumnType[];
const ROW_KEY = ['text', 'integer'] as const satisfies readonly ColumnType[];

interface KeyContext {
  readonly columns: ColumnMap;
  readonly types: readonly ColumnType[];
}

function checkKey(at: string, key: readonly string[], { columns, types }: KeyContext): Problems {
  const parts = key.map((value, index) => ({ at: `${at}[${index}]`, value }));
  return [
    ...unless(parts.length > 0, at, {
      code: 'missing',
      message: 'the key names no column',
      fix: 'name the columns that identify what a row is about',
    }),
    ...parts.flatMap((part) => checkColumn(part.at, part.value, columns, types)),
    ...checkDistinct(parts),
  ];
}

function checkRule(at: string, rule: RowRule, columns: ColumnMap): Problems {
  switch (rule.kind) {
    case 'complete':
      return [
        ...unless(rule.columns.length > 0, at, {
          code: 'missing',
          message: 'complete() names no column',
          fix: 'name the columns that every row must have',
        }),
        ...rule.columns.flatMap((name) => checkColumn(at, name, columns)),
      ];
    case 'between':
      return checkBetween(at, rule, columns);
    case 'one-of':
      return [
        ...checkColumn(at, rule.column, columns, ['text']),
        ...unless(rule.values.length > 0, at, {
          code: 'missing',
          message: 'oneOf() names no value',
          fix: 'name the texts that are allowed',
        }),
        ...rule.values.flatMap((value) => checkText(at, value)),
      ];
    case 'matches':
      return [
        ...checkColumn(at, rule.column, columns, ['text']),
        ...unless(typeof rule.pattern === 'string' && isPortablePattern(rule.pattern), at, {
          code: 'invalid-pattern',
          message: `the pattern ${shown(rule.pattern)} is not one that both engines read alike`,
          fix: 'use plain ASCII characters, classes such as [A-Z0-9], groups, alternatives and quantifiers; no anchors',
        }),
      ];
    default:
      return assertNever(rule);
  }
}

function checkBetween(at: string, { column, min, max }: BetweenRule, columns: ColumnMap): Problems {
  const isExact = [min, max].every((end) => Number.isFinite(end) && Math.abs(end) <= MOST_ROWS);
  return [
    ...checkColumn(at, column, columns, ['integer', 'double']),
    ...unless(isExact && min <= max, at, {
      code: 'out-of-range',
      message: `between ${shown(min)} and ${shown(max)} is no range`,
      fix: 'give two finite numbers, the smaller one first',
    }),
  ];
}

function checkQuality(at: string, check: QualityCheck): Problems {
  switch (check.kind) {
    case 'row-count': {
      const { min, max } = check;
      const ends = { min: 0, max: MOST_ROWS, whole: true } as const;
      return [
        ...unless(min !== undefined || max !== undefined, at, {
          code: 'missing',
          message: 'rowCount() has neither min nor max',
          fix: 'give at least one of the two',
        }),
        ...(min === undefined ? [] : checkNumber(`${at}.min`, min, ends)),
        ...(max === undefined ? [] : checkNumber(`${at}.max`, max, { ...ends, min: min ?? 0 })),
      ];
    }
    case 'quarantined':
      return checkNumber(`${at}.max`, check.max, { min: 0, max: 1 });
    default:
      return assertNever(check);
  }
}
