import { type Evaluation, oneOfTooMany } from '../evaluation.ts';
import { hasPlaceholder } from '../placeholders.ts';
import { type Intrinsic, isListOf, isScalar, isText } from './intrinsic.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html (2026-11-20). */
export const IF: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 3) && isText(argument[0]) ? undefined : 'a condition and two values: [condition, value, value]',
  names: (argument) => [{ kind: 'condition', name: String((argument as readonly unknown[])[0]) }],
  resolve: (argument, evaluation) => {
    const [name, whereTrue, whereFalse] = argument as readonly unknown[];
    const holds = evaluation.isTrue(String(name));
    if (holds === undefined) return undecided(argument, evaluation);
    return evaluation.resolve(holds ? whereTrue : whereFalse);
  },
};

type Decide = (operands: readonly unknown[], evaluation: Evaluation) => boolean | undefined;

/** A function that is true or false. */
export interface ConditionFunction extends Intrinsic {
  readonly decide: Decide;
}

export const AND = conditionFunction('two to ten conditions', [2, 10], (operands, evaluation) =>
  firstDecided(operands, false, evaluation),
);

export const OR = conditionFunction('two to ten conditions', [2, 10], (operands, evaluation) =>
  firstDecided(operands, true, evaluation),
);

export const NOT = conditionFunction('one condition, in a list', [1, 1], ([operand], evaluation) => {
  const holds = evaluation.holds(operand);
  return holds === undefined ? undefined : !holds;
});

export const EQUALS = conditionFunction('two values', [2, 2], ([left, right], evaluation) => {
  const texts = [left, right].map((side) => comparable(evaluation.resolve(side)));
  const [first = '', second = ''] = texts;
  if (first === second) return true;
  if (!texts.some(hasPlaceholder)) return false;
  const index = evaluation.choose(`equal ${JSON.stringify(texts.toSorted())}`, 2);
  return index === undefined ? undefined : index === 1;
});

function conditionFunction(expected: string, [least, most]: readonly [number, number], decide: Decide) {
  const resolve: Intrinsic['resolve'] = (argument, evaluation) =>
    decide(argument as readonly unknown[], evaluation) ?? undecided(argument, evaluation);
  const misuse = (argument: unknown) => (isListOf(argument, least, most) ? undefined : expected);
  return { misuse, resolve, decide } satisfies ConditionFunction;
}

/** Whether one of the operands is `wanted`: the first one ends the search, as choices after it do not matter. */
function firstDecided(operands: readonly unknown[], wanted: boolean, evaluation: Evaluation): boolean | undefined {
  let isOpen = false;
  for (const operand of operands) {
    const holds = evaluation.holds(operand);
    if (holds === wanted) return wanted;
    isOpen ||= holds === undefined;
  }
  return isOpen ? undefined : !wanted;
}

/** Numbers and booleans compare as their texts. */
const comparable = (value: unknown): string => (isScalar(value) ? String(value) : (JSON.stringify(value) ?? ''));

const undecided = (argument: unknown, evaluation: Evaluation): string =>
  oneOfTooMany(evaluation, JSON.stringify(argument) ?? '');
