import { type AbstractValue, ANYTHING, listUpTo, shapeOf, withoutAbsent } from '../values/abstract-value.ts';
import { join } from '../values/join.ts';
import { meet } from '../values/meet.ts';
import { ALL_NUMBERS, type ComparisonOperator } from '../values/number-range.ts';
import type { Evaluate, Fact } from '../view.ts';
import { limitOf, mirrored, opposite, restrictCompared } from './comparison.ts';
import type { Expression, Reference } from './expression.ts';

/** What is known where a condition is true, or where it is not (false, or without a value). */
export function factsOf(condition: Expression, holds: boolean, evaluate: Evaluate): readonly Fact[] {
  switch (condition.kind) {
    case 'logic':
      return (condition.operator === 'and') === holds
        ? [...factsOf(condition.left, holds, evaluate), ...factsOf(condition.right, holds, evaluate)]
        : [];
    case 'comparison': {
      const { left, right } = condition;
      const operator = holds ? condition.operator : opposite(condition.operator);
      return [
        ...comparisonFacts(left, { operator, other: right, holds, evaluate }),
        ...comparisonFacts(right, { operator: mirrored(operator), other: left, holds, evaluate }),
      ];
    }
    case 'equality':
      return condition.operator === '=' ? equalityFacts(condition, holds, evaluate) : [];
    case 'other':
      return condition.operator === 'in' && holds ? memberFacts(condition.left, condition.right, evaluate) : [];
    case 'call':
      return callFacts(condition, holds, evaluate);
    case 'block':
      return blockFacts(condition, holds, evaluate);
    default:
      return [];
  }
}

interface Compared {
  readonly operator: ComparisonOperator;
  readonly other: Expression;
  readonly holds: boolean;
  readonly evaluate: Evaluate;
}

function comparisonFacts(subject: Expression, { operator, other, holds, evaluate }: Compared): readonly Fact[] {
  if (subject.kind === 'call') return countFacts(subject, { operator, other, holds, evaluate });
  if (subject.kind !== 'reference') return [];
  return [
    {
      place: subject,
      restrict: (value, view) => restrictCompared(value, { operator, limit: evaluate(other, view), holds }),
      comparison: { operator, limit: (view) => limitOf({ limit: evaluate(other, view), holds }) },
    },
  ];
}

/** `$count(path) <= 4` limits the list to which the path leads. */
function countFacts(
  { name, parameters }: Extract<Expression, { kind: 'call' }>,
  { operator, other, holds, evaluate }: Compared,
): readonly Fact[] {
  const [counted] = parameters;
  const isUpper = operator === '<' || operator === '<=';
  if (name !== 'count' || parameters.length !== 1 || counted?.kind !== 'reference' || !isUpper) return [];
  return [
    {
      place: counted,
      restrict: (value, view) => {
        const limit = limitOf({ limit: evaluate(other, view), holds });
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
  holds: boolean,
  evaluate: Evaluate,
): readonly Fact[] {
  if (right.kind === 'literal' && right.value === true) return factsOf(left, holds, evaluate);
  if (!holds) return [];
  if (right.kind === 'literal' && right.value === false) return factsOf(left, false, evaluate);
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
  holds: boolean,
  evaluate: Evaluate,
): readonly Fact[] {
  const [argument] = parameters;
  if (argument === undefined || parameters.length !== 1) return [];
  if (name === 'not') return factsOf(argument, !holds, evaluate);
  if (name === 'boolean') return factsOf(argument, holds, evaluate);
  return name === 'exists' && holds && argument.kind === 'reference' ? [factAt(argument, withoutAbsent)] : [];
}

function blockFacts(
  { statements }: Extract<Expression, { kind: 'block' }>,
  holds: boolean,
  evaluate: Evaluate,
): readonly Fact[] {
  const [only] = statements;
  return only !== undefined && statements.length === 1 && only.binds === null
    ? factsOf(only.value, holds, evaluate)
    : [];
}

const factAt = (place: Reference, restrict: Fact['restrict']): Fact => ({ place, restrict });
