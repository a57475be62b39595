import type { Expression } from '../../contracts/expression.ts';
import type { ColumnMap } from '../column.ts';
import type { DerivedFeatures } from '../derived.ts';
import { derivedOrder } from '../derived-order.ts';
import { columnsRead, nodesOf } from '../expression-parts.ts';
import { expressionText } from '../expression-text.ts';
import type { Formula } from '../formula.ts';
import { checkFormula } from './formula-checks.ts';
import { NO_PROBLEMS, type Problems, problem } from './problem.ts';
import { checkIdentifier } from './quantity-checks.ts';

/** What is computed of features, which are numbers: no texts, times or patterns. */
const NUMERIC_NODES: readonly Expression['kind'][] = [
  'column',
  'literal',
  'arithmetic',
  'comparison',
  'logic',
  'not',
  'is-null',
  'or-else',
  'case',
];

const MOST_NAMES_SHOWN = 10;

/** Derived features over the features of a set, by name: each there, and none made of itself. */
export function checkDerived(parts: readonly DerivedFeatures[], others: readonly string[]): Problems {
  const features = parts.flatMap((part) => part.features);
  const names = new Set([...others, ...features.map(({ name }) => name)]);
  return [
    ...features.flatMap(({ name, value }) => [
      ...checkIdentifier(atOf(name), name),
      ...checkExpression(atOf(name), value, { names, name }),
    ]),
    ...derivedOrder(features).cycles.flatMap((cycle) => checkCycle(cycle)),
  ];
}

const atOf = (name: string): string => `features.derived.${name}`;

interface Known {
  readonly names: ReadonlySet<string>;
  /** The feature at hand. */
  readonly name: string;
}

function checkExpression(at: string, value: Formula, { names, name: own }: Known): Problems {
  const read = value.kind === 'formula' ? [...columnsRead(value.expression)] : [];
  const unknown = read.filter((name) => !names.has(name));
  const others = unknown.length === 0 ? [] : [...names].filter((name) => name !== own);
  if (unknown.length > 0) return unknown.flatMap((name) => problem(at, unknownFeature(name, others)));
  const strange = value.kind === 'formula' ? nodesOf(value.expression).find((node) => !isNumeric(node)) : undefined;
  if (strange !== undefined)
    return problem(at, {
      code: 'not-allowed',
      message: `${expressionText(strange)} is not computed of numbers`,
      fix: 'combine features by arithmetic, comparisons, conditions and orElse; the rest belongs in a view or fromLabel',
    });
  const columns: ColumnMap = Object.fromEntries(read.map((name) => [name, { kind: 'column', type: 'double' }]));
  return checkFormula(at, value, { columns, types: ['integer', 'double', 'boolean'] });
}

const isNumeric = (node: Expression): boolean =>
  NUMERIC_NODES.includes(node.kind) && !(node.kind === 'literal' && typeof node.value === 'string');

function unknownFeature(name: string, names: readonly string[]) {
  const near = nearest(name, names);
  const rest = names.length - near.length;
  return {
    code: 'unknown-feature',
    message: `there is no feature ${JSON.stringify(name)}`,
    fix: `use one of ${near.join(', ')}${rest > 0 ? ` or ${rest} more` : ''}; hundredfold explain features lists them`,
  };
}

/** Those that begin most alike, first. */
function nearest(name: string, names: readonly string[]): readonly string[] {
  const alike = (other: string): number => {
    const end = [...other].findIndex((character, index) => character !== name[index]);
    return end < 0 ? other.length : end;
  };
  const ranked = names.map((other) => ({ other, score: alike(other) }));
  return ranked
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_NAMES_SHOWN)
    .map(({ other }) => other);
}

function checkCycle(cycle: readonly string[]): Problems {
  const [first] = cycle;
  if (first === undefined) return NO_PROBLEMS;
  return problem(atOf(first), {
    code: 'cyclic-derivation',
    message: `the feature is made of itself: ${[...cycle, first].join(' reads ')}`,
    fix: 'take one of them out of the cycle',
  });
}
