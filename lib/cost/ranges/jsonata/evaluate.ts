import { assertNever } from '../../../errors/fault.ts';
import {
  ABSENT,
  type AbstractValue,
  ANY_BOOLEAN,
  ANY_TEXT,
  ANYTHING,
  IMPOSSIBLE,
  isImpossible,
  listUpTo,
  mayBeAbsent,
  numberIn,
  numbersOf,
  onlyNumbers,
  recordWith,
  scalarsOf,
} from '../values/abstract-value.ts';
import { constant } from '../values/constant.ts';
import { join } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import {
  addRanges,
  divideRanges,
  multiplyRanges,
  type NumberRange,
  negateRange,
  remainderRanges,
} from '../values/number-range.ts';
import { type View, withFacts, withLocal } from '../view.ts';
import { decide } from './comparison.ts';
import type { ArithmeticOperator, Expression, Statement } from './expression.ts';
import { factsOf } from './facts.ts';
import { evaluateFiltered } from './filter.ts';
import { callFunction, givesOneValue } from './functions.ts';
import { callHigher, mapElements } from './higher-functions.ts';
import { buildList, rangeOf, toList } from './list-expressions.ts';
import { textOf } from './number-functions.ts';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** What a JSONata expression can give; impossible where it always fails. */
export function evaluate(expression: Expression, view: View): AbstractValue {
  switch (expression.kind) {
    case 'opaque':
    case 'lambda':
      return ANYTHING;
    case 'literal':
      return constant(expression.value);
    case 'reference':
      return view.read(expression);
    case 'field':
    case 'filter':
      return evaluateFiltered(expression, view, evaluate);
    case 'each':
      return mapElements(evaluate(expression.of, view), () => evaluate(expression.each, view));
    case 'listed':
      return toList(evaluate(expression.of, view));
    case 'list':
      return buildList(expression.parts, (part) => evaluate(part, view));
    case 'record':
      return evaluateRecord(expression, view);
    case 'negation':
      return evaluateNegation(expression, view);
    case 'arithmetic':
    case 'comparison':
    case 'equality':
    case 'logic':
    case 'other':
      return evaluateBinary(expression, view);
    case 'condition':
      return evaluateCondition(expression, view);
    case 'call':
      return evaluateCall(expression, view);
    case 'last-call':
      return evaluateLastCall(expression, view);
    case 'block':
      return evaluateBlock(expression.statements, view);
    default:
      return assertNever(expression);
  }
}

function evaluateRecord({ fields }: Of<'record'>, view: View): AbstractValue {
  const values = fields.map(([name, value]) => [name, evaluate(value, view)] as const);
  return values.some(([, value]) => isImpossible(value)) ? IMPOSSIBLE : recordWith(new Map(values));
}

function evaluateNegation({ of }: Of<'negation'>, view: View): AbstractValue {
  const value = evaluate(of, view);
  const range = numbersOf(value);
  return orAbsent(numberIn(range === null ? null : negateRange(range)), value);
}

type BinaryExpression = Of<'arithmetic' | 'comparison' | 'equality' | 'logic' | 'other'>;

function evaluateBinary(expression: BinaryExpression, view: View): AbstractValue {
  const left = evaluate(expression.left, view);
  if (isImpossible(left)) return IMPOSSIBLE;
  if (expression.kind === 'logic') return ANY_BOOLEAN;
  const right = evaluate(expression.right, view);
  if (isImpossible(right)) return IMPOSSIBLE;
  switch (expression.kind) {
    case 'arithmetic':
      return calculate(left, expression.operator, right);
    case 'comparison':
      return compare(left, expression, right);
    case 'equality':
      return ANY_BOOLEAN;
    case 'other':
      return evaluateOther(left, expression.operator, right);
    default:
      return assertNever(expression);
  }
}

const ARITHMETIC: Readonly<Record<ArithmeticOperator, (a: NumberRange, b: NumberRange) => NumberRange>> = {
  '+': addRanges,
  '-': (a, b) => addRanges(a, negateRange(b)),
  '*': multiplyRanges,
  '/': divideRanges,
  '%': remainderRanges,
};

/** Anything but a number throws, infinite ones too; nothing gives nothing, and zero divided by zero is no number at all. */
function calculate(left: AbstractValue, operator: ArithmeticOperator, right: AbstractValue): AbstractValue {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  const isDivision = operator === '/' || operator === '%';
  if (isDivision && b !== null && b.low <= 0 && b.high >= 0) return ANYTHING;
  const range = a === null || b === null ? null : ARITHMETIC[operator](a, b);
  return orAbsent(orAbsent(numberIn(range), left), right);
}

function compare(left: AbstractValue, { operator }: Of<'comparison'>, right: AbstractValue): AbstractValue {
  const [a, b] = [onlyNumbers(left), onlyNumbers(right)];
  const decided = a === undefined || b === undefined ? null : decide(a, operator, b);
  return orAbsent(orAbsent(decided === null ? ANY_BOOLEAN : scalarsOf(decided), left), right);
}

const orAbsent = (value: AbstractValue, operand: AbstractValue): AbstractValue =>
  mayBeAbsent(operand) ? join(value, ABSENT) : value;

function evaluateOther(left: AbstractValue, operator: Of<'other'>['operator'], right: AbstractValue): AbstractValue {
  switch (operator) {
    case '..':
      return rangeOf(left, right);
    case 'in':
      return ANY_BOOLEAN;
    case '&': {
      const [first, second] = [textOf(left), textOf(right)];
      return first === undefined || second === undefined ? ANY_TEXT : scalarsOf(first + second);
    }
    default:
      return assertNever(operator);
  }
}

function evaluateCondition({ condition, whenTrue, whenFalse }: Of<'condition'>, view: View): AbstractValue {
  const found = evaluate(condition, view);
  if (isImpossible(found)) return IMPOSSIBLE;
  const decided = onlyBoolean(found);
  const ifTrue = () => evaluate(whenTrue, withFacts(view, factsOf(condition, 'true', evaluate)));
  const ifFalse = () =>
    whenFalse === null ? ABSENT : evaluate(whenFalse, withFacts(view, factsOf(condition, 'untrue', evaluate)));
  if (decided === undefined) return join(ifTrue(), ifFalse());
  return decided ? ifTrue() : ifFalse();
}

function onlyBoolean(value: AbstractValue): boolean | undefined {
  if (value.kind === 'anything' || value.scalars.size !== 1) return undefined;
  if (value.isAbsent || value.isAnyText || value.numbers !== null || value.lists !== null || value.objects !== null) {
    return undefined;
  }
  const [scalar] = value.scalars;
  return typeof scalar === 'boolean' ? scalar : undefined;
}

/** A name that the expression itself has bound is whatever it was bound to. */
function evaluateCall(call: Of<'call'>, view: View): AbstractValue {
  if (view.locals.has(call.name)) return ANYTHING;
  const higher = callHigher(call, view, evaluate);
  if (higher !== undefined) return higher;
  const parameters = call.parameters.map((parameter) => evaluate(parameter, view));
  return parameters.some(isImpossible) ? IMPOSSIBLE : callFunction(call.name, parameters);
}

function evaluateLastCall({ of }: Of<'last-call'>, view: View): AbstractValue {
  const value = evaluate(of, view);
  if (isImpossible(value) || (of.kind === 'call' && givesOneValue(of.name))) return value;
  return join(value, listUpTo(mostIn(value), elementsIn(value)));
}

function evaluateBlock(statements: readonly Statement[], view: View): AbstractValue {
  let inner = view;
  let last: AbstractValue = ABSENT;
  for (const { binds, value } of statements) {
    last = evaluate(value, inner);
    if (isImpossible(last)) return IMPOSSIBLE;
    if (binds !== null) inner = withLocal(inner, binds, last);
  }
  return last;
}
