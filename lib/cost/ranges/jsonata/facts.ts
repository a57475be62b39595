import { type AbstractValue, ANYTHING, listUpTo, shapeOf, withoutAbsent } from '../values/abstract-value.ts';
import { join } from '../values/join.ts';
import { meet } from '../values/meet.ts';
import { ALL_NUMBERS, type ComparisonOperator } from '../values/number-range.ts';
import type { Evaluate, Fact } from '../view.ts';
import { limitOf, mirrored, opposite, restrictCompared } from './comparison.ts';
import type { Expression, Reference } from './expression.ts';

/** What a condition was found to be: true, false, or anything but true: false, or no value at all. */
export type Truth = 'true' | 'false' | 'untrue';

/** What is known where a condition is what it was found to be. */
export function factsOf(condition: Expression, truth: Truth, evaluate: Evaluate): readonly Fact[] {
  switch (condition.kind) {
    case 'logic':
      return logicFacts(condition, truth, evaluate);
    case 'comparison': {
      const { left, right } = condition;
      const operator = truth === 'true' ? condition.operator : opposite(condition.operator);
      const isCertain = truth !== 'untrue';
      return [
        ...comparisonFacts(left, { operator, other: right, isCertain, evaluate }),
        ...comparisonFacts(right, { operator: mirrored(operator), other: left, isCertain, evaluate }),
      ];
    }
    case 'equality':
      return condition.operator === '=' ? equalityFacts(condition, truth, evaluate) : [];
    case 'other':
      return condition.operator === 'in' && truth === 'true'
        ? memberFacts(condition.left, condition.right, evaluate)
        : [];
    case 'call':
      return callFacts(condition, truth, evaluate);
    case 'block':
      return blockFacts(condition, truth, evaluate);
    default:
      return [];
  }
}

/** Both sides of a true `and` are true, both of a false `or` are not. */
function logicFacts(
  { operator, left, right }: Extract<Expression, { kind: 'logic' }>,
  truth: Truth,
  evaluate: Evaluate,
): readonly Fact[] {
  if ((operator === 'and') !== (truth === 'true')) return [];
  const ofSides = operator === 'and' ? 'true' : 'untrue';
  return [...factsOf(left, ofSides, evaluate), ...factsOf(right, ofSides, evaluate)];
}

interface Compared {
  readonly operator: ComparisonOperator;
  readonly other: Expression;
  readonly isCertain: boolean;
  readonly evaluate: Evaluate;
}

function comparisonFacts(subject: Expression, { operator, other, isCertain, evaluate }: Compared): readonly Fact[] {
  if (subject.kind === 'call') return countFacts(subject, { operator, other, isCertain, evaluate });
  if (subject.kind !== 'reference') return [];
  return [
    {
      place: subject,
      restrict: (value, view) => restrictCompared(value, { operator, limit: evaluate(other, view), isCertain }),
      comparison: { operator, limit: (view) => limitOf({ limit: evaluate(other, view), isCertain }) },
    },
  ];
}

/** `$count(path) <= 4` limits the list to which the path leads. */
function countFacts(
  { name, parameters }: Extract<Expression, { kind: 'call' }>,
  { operator, other, isCertain, evaluate }: Compared,
): readonly Fact[] {
  const [counted] = parameters;
  const isUpper = operator === '<' || operator === '<=';
  if (name !== 'count' || parameters.length !== 1 || counted?.kind !== 'reference' || !isUpper) return [];
  return [
    {
      place: counted,
      restrict: (value, view) => {
        const limit = limitOf({ limit: evaluate(other, view), isCertain });
        return limit === null
          ? value
          : meet(value, countedUpTo(operator === '<' ? Math.ceil(limit.high) - 1 : limit.high));
      },
    },
  ];
}

/** All that counts at most so much: a single value counts one, and none zero. */
function countedUpTo(count: number): AbstractValue {
  const lists = listUpTo(Math.max(0, Math.floor(count)), ANYTHING).lists;
  if (count < 1) return shapeOf({ lists, isAbsent: true });
  const objects = { fields: new Map(), isOpen: true };
  return shapeOf({ numbers: ALL_NUMBERS, scalars: NON_TEXTS, isAnyText: true, lists, objects, isAbsent: true });
}

const NON_TEXTS = new Set([true, false, null]);

function equalityFacts(
  { left, right }: Extract<Expression, { kind: 'equality' }>,
  truth: Truth,
  evaluate: Evaluate,
): readonly Fact[] {
  const isTrue = truth === 'true';
  if (right.kind === 'literal' && right.value === true) return factsOf(left, isTrue ? 'true' : 'untrue', evaluate);
  if (!isTrue) return [];
  if (right.kind === 'literal' && right.value === false) return factsOf(left, 'false', evaluate);
  return [...sameFacts(left, right, evaluate), ...sameFacts(right, left, evaluate)];
}

function sameFacts(subject: Expression, other: Expression, evaluate: Evaluate): readonly Fact[] {
  if (subject.kind !== 'reference') return [];
  return [factAt(subject, (value, view) => meet(value, withoutAbsent(evaluate(other, view))))];
}

function memberFacts(subject: Expression, members: Expression, evaluate: Evaluate): readonly Fact[] {
  if (subject.kind !== 'reference') return [];
  return [factAt(subject, (value, view) => meet(value, withoutAbsent(memberOf(evaluate(members, view)))))];
}

function memberOf(members: AbstractValue): AbstractValue {
  if (members.kind === 'anything' || members.lists === null) return members;
  return join({ ...members, lists: null }, members.lists.item);
}

function callFacts(
  { name, parameters }: Extract<Expression, { kind: 'call' }>,
  truth: Truth,
  evaluate: Evaluate,
): readonly Fact[] {
  const [argument] = parameters;
  if (argument === undefined || parameters.length !== 1) return [];
  switch (name) {
    case 'not':
      if (truth === 'untrue') return []; // of no value it gives none
      return factsOf(argument, truth === 'true' ? 'untrue' : 'true', evaluate);
    case 'boolean':
      return factsOf(argument, truth === 'true' ? 'true' : 'untrue', evaluate);
    case 'exists':
      return truth === 'true' && argument.kind === 'reference' ? [factAt(argument, withoutAbsent)] : [];
    default:
      return [];
  }
}

function blockFacts(
  { statements }: Extract<Expression, { kind: 'block' }>,
  truth: Truth,
  evaluate: Evaluate,
): readonly Fact[] {
  const [only] = statements;
  return only !== undefined && statements.length === 1 && only.binds === null
    ? factsOf(only.value, truth, evaluate)
    : [];
}

const factAt = (place: Reference, restrict: Fact['restrict']): Fact => ({ place, restrict });
