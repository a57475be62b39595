import type { ValueType } from '../../contracts/expression.ts';
import { AGGREGATES, type AggregateKind } from '../../contracts/job-program.ts';
import type { FeatureView, ViewAggregate } from '../feature-view.ts';
import { windowProgram } from '../window.ts';
import { checkFormula } from './formula-checks.ts';
import { checkAggregateOptions } from './option-checks.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';
import { checkIdentifier, checkMember, checkNumber } from './quantity-checks.ts';

const MOST_POSITIONS = 100;
const MOST_DIGITS = 9;

const MEASURE = ['integer', 'double', 'boolean'] as const;
const OPERAND_TYPES = {
  count: [],
  'count-distinct': ['integer', 'boolean', 'text'],
  sum: ['integer'],
  mean: ['integer'],
  share: ['boolean'],
  variance: ['integer'],
  min: MEASURE,
  max: MEASURE,
  first: MEASURE,
  last: MEASURE,
  'last-n': MEASURE,
  quantile: ['integer', 'double'],
  latest: MEASURE,
} as const satisfies Record<AggregateKind, readonly ValueType[]>;

/** Kinds that add values up: exactly, so of whole numbers, or of decimals of so many digits. */
const EXACT: readonly AggregateKind[] = ['sum', 'mean', 'variance'];
const NEVER_NULL: readonly AggregateKind[] = ['count', 'count-distinct'];

/** One aggregate of a view: its operand, and what is said of it. */
export function checkAggregate(at: string, aggregate: ViewAggregate, view: FeatureView): Problems {
  const known = checkMember(`${at}.kind`, aggregate.kind, AGGREGATES);
  if (known.length > 0) return known;
  const { columns } = view.source;
  const { kind, where, positions, quantile } = aggregate;
  return [
    ...checkIdentifier(at, aggregate.name),
    ...checkAggregateOptions(at, aggregate),
    ...checkOperand(at, aggregate, view),
    ...(where === undefined ? NO_PROBLEMS : checkFormula(`${at}.where`, where, { columns, types: ['boolean'] })),
    ...(kind === 'last-n' ? checkNumber(`${at}.n`, positions, { min: 1, max: MOST_POSITIONS, whole: true }) : []),
    ...(kind === 'quantile' ? checkNumber(`${at}.fraction`, quantile, { min: 0, max: 1 }) : []),
    ...checkScale(`${at}.scale`, aggregate),
    ...checkDefault(`${at}.default`, aggregate),
    ...checkOver(`${at}.over`, aggregate, view),
  ];
}

function checkOperand(at: string, { kind, operand, scale }: ViewAggregate, { source }: FeatureView): Problems {
  if (operand === null) return NO_PROBLEMS;
  const { columns } = source;
  if (!EXACT.includes(kind)) return checkFormula(at, operand, { columns, types: OPERAND_TYPES[kind] });
  return scale === undefined
    ? checkFormula(at, operand, {
        columns,
        types: ['integer'],
        typeFix: `sums are exact: say to how many digits, such as ${kind}(…, { scale: 2 }), or export whole numbers`,
      })
    : checkFormula(at, operand, {
        columns,
        types: ['double'],
        typeFix: 'leave scale out: whole numbers are summed exactly as they are',
      });
}

function checkScale(at: string, { kind, scale }: ViewAggregate): Problems {
  if (scale === undefined) return NO_PROBLEMS;
  if (EXACT.includes(kind)) return checkNumber(at, scale, { min: 0, max: MOST_DIGITS, whole: true });
  return problem(at, {
    code: 'not-allowed',
    message: `${kind} has scale == ${shown(scale)}, but adds nothing up`,
    fix: `leave scale out; it is for ${EXACT.join(', ')} of doubles`,
  });
}

function checkDefault(at: string, { kind, default: fallback }: ViewAggregate): Problems {
  if (fallback === undefined) return NO_PROBLEMS;
  return [
    ...unless(typeof fallback === 'number' && Number.isFinite(fallback), at, {
      code: 'out-of-range',
      message: `${at} == ${shown(fallback)}, must be a finite number`,
      fix: 'give a number such as 0, or leave default out: null means not known',
    }),
    ...unless(!NEVER_NULL.includes(kind), at, {
      code: 'unused',
      message: `${kind} has a default of ${shown(fallback)}, but is 0 in an empty window and never null`,
      fix: 'leave default out',
    }),
  ];
}

function checkOver(at: string, { kind, over }: ViewAggregate, { windows }: FeatureView): Problems {
  if (over === undefined) return NO_PROBLEMS;
  if (kind === 'latest')
    return problem(at, {
      code: 'not-allowed',
      message: 'latest is over no window',
      fix: 'leave over out; the ttl of the view ends a latest value',
    });
  const known = windows.map((written) => windowProgram(written).suffix);
  const items = Array.isArray(over) ? over.map((written) => windowProgram(written).suffix) : [];
  return [
    ...unless(items.length > 0, at, {
      code: 'missing',
      message: 'over names no window',
      fix: 'name windows of the view, or leave over out for all of them',
    }),
    ...items.flatMap((suffix, index) =>
      unless(known.includes(suffix), `${at}[${index}]`, {
        code: 'unknown-window',
        message: `the view has no window ${suffix}`,
        fix: `use windows of the view: ${known.join(', ')}`,
      }),
    ),
  ];
}
