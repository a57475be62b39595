import type { ValueType } from '../../contracts/expression.ts';
import { AGGREGATES, type AggregateKind } from '../../contracts/job-program.ts';
import { type Duration, days, formatDuration, seconds } from '../../units/duration.ts';
import { columnsRead } from '../expression-parts.ts';
import type { FeatureView, ViewAggregate } from '../feature-view.ts';
import type { Formula } from '../formula.ts';
import type { Label, LabelFeatures } from '../label.ts';
import type { Definition } from '../pipeline.ts';
import { checkColumn, checkFormula } from './formula-checks.ts';
import { checkViewOptions } from './option-checks.ts';
import { NO_PROBLEMS, type Problems, problem, unless } from './problem.ts';
import { checkDistinct, checkDuration, checkIdentifier, checkMember } from './quantity-checks.ts';
import { RESERVED_COLUMNS } from './source-checks.ts';

/** A century: longer lengths are mistakes, and stay far below what microseconds can count. */
export const LONGEST_LENGTH = days(36_525);

const OPERAND_TYPES = {
  count: [],
  'count-distinct': ['integer', 'boolean', 'text'],
  sum: ['integer'],
  mean: ['integer'],
  share: ['boolean'],
  variance: ['integer'],
  min: ['integer', 'double', 'boolean'],
  max: ['integer', 'double', 'boolean'],
  first: ['integer', 'double', 'boolean'],
  last: ['integer', 'double', 'boolean'],
  'last-n': ['integer', 'double', 'boolean'],
  quantile: ['integer', 'double'],
  latest: ['integer', 'double', 'boolean'],
} as const satisfies Record<AggregateKind, readonly ValueType[]>;

const EXACT_SUM = 'sums are exact: export the value as whole numbers of its smallest unit, such as cents';
const OPERAND_FIXES: Readonly<Partial<Record<AggregateKind, string>>> = { sum: EXACT_SUM, mean: EXACT_SUM };

export function checkLabel({ source, at, is }: Label): Problems {
  const { columns } = source;
  return [
    ...checkFormula('label.at', at, { columns, types: ['timestamp'] }),
    ...checkFormula('label.is', is, { columns, types: ['boolean'] }),
  ];
}

/** All features of a pipeline, on their own and beside each other. */
export function checkFeatures({ features, label }: Definition): Problems {
  const views = features.filter((part) => part?.kind === 'feature-view');
  const carried = features.filter((part) => part?.kind === 'label-features');
  return [
    ...unless(features.length > 0, 'features', {
      code: 'missing',
      message: 'the pipeline has no features',
      fix: 'add a featureView or fromLabel',
    }),
    ...features.flatMap((part, index) =>
      unless(part?.kind === 'feature-view' || part?.kind === 'label-features', `features[${index}]`, {
        code: 'not-allowed',
        message: 'this is neither a feature view nor features of the label',
        fix: 'use featureView(…) or fromLabel(…)',
      }),
    ),
    ...views.flatMap(checkView),
    ...checkDistinct(views.map(({ name }) => ({ at: `features.${name}`, value: name }))),
    ...carried.flatMap((part) => checkLabelFeatures(part, label)),
    ...checkLabelFeatureNames(views, carried),
  ];
}

function checkView(view: FeatureView): Problems {
  const at = `features.${view.name}`;
  const { columns } = view.source;
  const entity = view.entity.map((value, index) => ({ at: `${at}.entity[${index}]`, value }));
  return [
    ...checkIdentifier(at, view.name),
    ...checkViewOptions(at, view),
    ...unless(entity.length > 0, `${at}.entity`, {
      code: 'missing',
      message: 'the view has no entity',
      fix: 'name the columns that say whose feature it is',
    }),
    ...entity.flatMap((part) => checkColumn(part.at, part.value, columns, ['text', 'integer'])),
    ...checkDistinct(entity),
    ...checkWindows(at, view),
    ...checkTtl(at, view),
    ...(view.where === undefined ? [] : checkFormula(`${at}.where`, view.where, { columns, types: ['boolean'] })),
    ...unless(view.aggregates.length > 0, `${at}.aggregates`, {
      code: 'missing',
      message: 'the view has no aggregates',
      fix: 'add one, such as flights: count()',
    }),
    ...view.aggregates.flatMap((aggregate) => checkAggregate(`${at}.aggregates.${aggregate.name}`, aggregate, view)),
  ];
}

function checkWindows(at: string, { windows, aggregates }: FeatureView): Problems {
  const needsWindows = aggregates.some(({ kind }) => kind !== 'latest');
  const items = windows.map((value, index) => ({ at: `${at}.windows[${index}]`, value }));
  return [
    ...unless(!needsWindows || items.length > 0, `${at}.windows`, {
      code: 'missing',
      message: 'the view has aggregates over windows and no windows',
      fix: 'give lengths such as windows: [hours(3), days(7)]',
    }),
    ...unless(needsWindows || items.length === 0, `${at}.windows`, {
      code: 'unused',
      message: 'the view has windows and no aggregate over them',
      fix: 'remove the windows; a latest value is ended by ttl',
    }),
    ...items.flatMap((item) => checkLength(item.at, item.value)),
    ...checkDistinct(items),
  ];
}

const checkLength = (at: string, value: Duration): Problems =>
  checkDuration(at, value, { min: seconds(1), max: LONGEST_LENGTH, step: seconds(1) });

function checkTtl(at: string, { ttl, aggregates }: FeatureView): Problems {
  if (ttl === undefined) return NO_PROBLEMS;
  const hasLatest = aggregates.some(({ kind }) => kind === 'latest');
  return [
    ...checkLength(`${at}.ttl`, ttl),
    ...unless(hasLatest, `${at}.ttl`, {
      code: 'unused',
      message: `the view has a ttl of ${formatDuration(ttl)} and no latest value`,
      fix: 'remove the ttl, or add an aggregate latest(…)',
    }),
  ];
}

function checkAggregate(at: string, { name, kind, operand }: ViewAggregate, { source }: FeatureView): Problems {
  const known = checkMember(`${at}.kind`, kind, AGGREGATES);
  if (known.length > 0) return known;
  const types = OPERAND_TYPES[kind];
  return [
    ...checkIdentifier(at, name),
    ...(operand === null
      ? []
      : checkFormula(at, operand, { columns: source.columns, types, typeFix: OPERAND_FIXES[kind] })),
  ];
}

function checkLabelFeatures({ source, features }: LabelFeatures, label: Label | undefined): Problems {
  return features.flatMap(({ name, value }) => {
    const at = `features.fromLabel.${name}`;
    const types = ['integer', 'double', 'boolean'] as const;
    return [
      ...checkIdentifier(at, name),
      ...checkFormula(at, value, { columns: source.columns, types }),
      ...checkLeak(at, value, label),
    ];
  });
}

/**
 * A column of which the label is made, but not the time of the prediction, is most likely known only with the label:
 * a warning, for a label may also be made of what is known before.
 */
function checkLeak(at: string, value: Formula, label: Label | undefined): Problems {
  if (value.kind === 'failed' || label?.is.kind !== 'formula' || label.at.kind !== 'formula') return NO_PROBLEMS;
  const answer = columnsRead(label.is.expression);
  const before = columnsRead(label.at.expression);
  return [...columnsRead(value.expression)]
    .filter((column) => answer.has(column) && !before.has(column))
    .map((column) => ({
      code: 'label-leak',
      severity: 'warning',
      at,
      message: `the feature reads ${column}, of which the label is made`,
      fix: `make sure that ${column} is known when the prediction is made, or use a feature view`,
    }));
}

/** Names of one table: what the label carries, the entities, and the columns that jobs add. */
function checkLabelFeatureNames(views: readonly FeatureView[], carried: readonly LabelFeatures[]): Problems {
  const names = carried.flatMap(({ features }) => features.map(({ name }) => name));
  const entities = new Set(views.flatMap(({ entity }) => entity));
  const taken = (name: string): boolean => entities.has(name) || RESERVED_COLUMNS.includes(name);
  return [
    ...checkDistinct(names.map((name) => ({ at: `features.fromLabel.${name}`, value: name }))),
    ...names.filter(taken).flatMap((name) =>
      problem(`features.fromLabel.${name}`, {
        code: 'reserved-name',
        message: `the name ${name} is one of an entity column or of a column that the jobs add`,
        fix: `give the feature another name, such as label_${name}`,
      }),
    ),
  ];
}
