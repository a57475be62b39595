import type { ColumnMap } from '../column.ts';
import type { FeatureView } from '../feature-view.ts';
import { joinKeyOf } from '../join-keys.ts';
import type { Label } from '../label.ts';
import { checkColumn } from './formula-checks.ts';
import { NO_PROBLEMS, type Problems, problem, unless } from './problem.ts';
import { checkDistinct } from './quantity-checks.ts';

/** Whose features they are: columns of the view's source, and columns of the label that name the same. */
export function checkEntity(at: string, view: FeatureView, label: Label | undefined): Problems {
  const { columns } = view.source;
  const parts = view.entity.map((value, index) => ({ at: `${at}.entity[${index}]`, value }));
  const declared = parts.flatMap((part) => checkColumn(part.at, part.value, columns, ['text', 'integer']));
  return [
    ...unless(parts.length > 0, `${at}.entity`, {
      code: 'missing',
      message: 'the view has no entity',
      fix: 'name the columns that say whose feature it is',
    }),
    ...declared,
    ...checkDistinct(parts),
    ...Object.keys(view.joinKeys).flatMap((column) => checkJoinKey(`${at}.joinKeys.${column}`, column, view)),
    ...(declared.length > 0 || label?.source === undefined
      ? NO_PROBLEMS
      : parts.flatMap((part) => checkLabelColumn(part, view, label.source.columns))),
  ];
}

function checkJoinKey(at: string, column: string, { entity }: FeatureView): Problems {
  return unless(entity.includes(column), at, {
    code: 'unknown-column',
    message: `${column} is not in the entity of the view`,
    fix: `map columns of its entity: ${entity.join(', ')}`,
  });
}

interface EntityPart {
  readonly at: string;
  readonly value: string;
}

/** Equal texts of columns of two types would say nothing, so the types are equal too. */
function checkLabelColumn({ at, value }: EntityPart, view: FeatureView, labelColumns: ColumnMap): Problems {
  const name = joinKeyOf(view, value);
  const type = view.source.columns[value]?.type;
  const found = Object.hasOwn(labelColumns, name) ? labelColumns[name]?.type : undefined;
  if (found === type) return NO_PROBLEMS;
  const alike = Object.keys(labelColumns).filter((column) => labelColumns[column]?.type === type);
  return problem(at, {
    code: found === undefined ? 'unknown-entity' : 'wrong-type',
    message:
      found === undefined
        ? `the label's source has no column ${name} to find the entity ${value} by`
        : `the entity ${value} is of type ${type}, the label's column ${name} of type ${found}`,
    fix:
      alike.length > 0
        ? `use withJoinKeys(view, { ${value}: '…' }, { name }) with one of ${alike.join(', ')}`
        : `give the label's source a column of type ${type} that names the entity`,
  });
}
