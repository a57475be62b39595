import { seconds } from '../../units/duration.ts';
import type { ColumnMap } from '../column.ts';
import type { EntitySplit, Split } from '../split.ts';
import { checkColumn } from './formula-checks.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';
import { checkDistinct, checkDuration, LONGEST_LENGTH } from './quantity-checks.ts';

/** Shares are decimals; their sum is compared within this. */
const SHARE_TOLERANCE = 1e-9;

/** How the rows of a set are shared out, by columns of the label's source where it is by entity. */
export function checkSplit(split: Split, labelColumns: ColumnMap): Problems {
  switch (split.kind) {
    case 'by-time':
      return [...checkShares(split), ...checkEmbargo(split.embargo)];
    case 'by-entity':
      return [...checkShares(split), ...checkEntity(split, labelColumns)];
    default:
      return problem('split', {
        code: 'not-allowed',
        message: `split == ${shown(split)}, must be by time or by entity`,
        fix: 'use byTime({ … }) or byEntity({ … })',
      });
  }
}

function checkShares({ train, validation, test }: Split): Problems {
  const single = Object.entries({ train, validation, test }).flatMap(([name, share]) =>
    unless(share > 0 && share < 1, `split.${name}`, {
      code: 'out-of-range',
      message: `split.${name} == ${shown(share)}, must be above 0 and below 1`,
      fix: 'give a share such as 0.15',
    }),
  );
  const sum = train + validation + test;
  return [
    ...single,
    ...unless(Math.abs(sum - 1) <= SHARE_TOLERANCE, 'split', {
      code: 'out-of-range',
      message: `train + validation + test == ${Number(sum.toPrecision(12))}, must be 1`,
      fix: 'give shares that add up to 1, such as 0.7, 0.15 and 0.15',
    }),
  ];
}

function checkEmbargo(embargo: unknown): Problems {
  if (embargo === undefined) return NO_PROBLEMS;
  return checkDuration('split.embargo', embargo, { min: seconds(0), max: LONGEST_LENGTH, step: seconds(1) });
}

function checkEntity({ entity }: EntitySplit, labelColumns: ColumnMap): Problems {
  const parts = Array.isArray(entity) ? entity.map((value, index) => ({ at: `split.entity[${index}]`, value })) : [];
  return [
    ...unless(parts.length > 0, 'split.entity', {
      code: 'missing',
      message: 'the split names no entity',
      fix: "name columns of the label's source whose rows must stay together",
    }),
    ...parts.flatMap(({ at, value }) => checkColumn(at, value, labelColumns, ['text', 'integer'])),
    ...checkDistinct(parts),
  ];
}
