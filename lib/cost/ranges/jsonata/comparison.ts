import { type AbstractValue, mayBeAbsent, mayBeText, numbersOf, shapeOf } from '../values/abstract-value.ts';
import { type ComparisonOperator, compareRange, type NumberRange } from '../values/number-range.ts';

const OPPOSITES = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** The comparison that holds where the given one does not. */
export const opposite = (operator: ComparisonOperator): ComparisonOperator => OPPOSITES[operator];

/** The same comparison with its sides swapped. */
export const mirrored = (operator: ComparisonOperator): ComparisonOperator => MIRRORED[operator];

/** What a comparison of a value was found to be: `holds` tells a false one from one that has no value at all. */
export interface Finding {
  readonly operator: ComparisonOperator;
  readonly limit: AbstractValue;
  /** Whether it had a result at all: without one of its sides it has none. */
  readonly isCertain: boolean;
}

/**
 * The numbers that a compared value is below or above of; null where it need not be: where the other side may be
 * missing, there may have been no comparison, and what may be a text is compared with texts.
 */
export function limitOf({ limit, isCertain }: Omit<Finding, 'operator'>): NumberRange | null {
  if (!isCertain && mayBeAbsent(limit)) return null;
  return mayBeText(limit) ? null : numbersOf(limit);
}

/** What is left of a value that JSONata has compared: it takes two numbers or two texts, and throws for all else. */
export function restrictCompared(value: AbstractValue, finding: Finding): AbstractValue {
  const numbers = numbersOf(value);
  if (!finding.isCertain && mayBeAbsent(finding.limit)) return value;
  const limit = numbersOf(finding.limit);
  return shapeOf({
    numbers: numbers === null || limit === null ? null : compareRange(numbers, finding.operator, limit),
    ...(mayBeText(finding.limit) ? textsOf(value) : {}),
    isAbsent: !finding.isCertain && mayBeAbsent(value),
  });
}

function textsOf(value: AbstractValue): Partial<Parameters<typeof shapeOf>[0]> {
  if (value.kind === 'anything') return { isAnyText: true };
  const texts = [...value.scalars].filter((scalar) => typeof scalar === 'string');
  return { scalars: new Set(texts), isAnyText: value.isAnyText };
}

/** Whether the comparison of two numbers always holds or never does; null where it depends. */
export function decide(left: NumberRange, operator: ComparisonOperator, right: NumberRange): boolean | null {
  if (compareRange(left, operator, right) === null) return false;
  return compareRange(left, opposite(operator), right) === null ? true : null;
}
