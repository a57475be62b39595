import { compileExpression, type Evaluation } from './expressions.ts';
import type { RawRule } from './states-language.ts';
import { compilePath } from './templates.ts';
import { UNKNOWN, type Value } from './values.ts';

/** What a rule holds for: true, false, either of them (`UNKNOWN`), or undefined where it cannot be evaluated. */
export type Truth = boolean | typeof UNKNOWN | undefined;
type Condition = (sight: Parameters<Evaluation>[0]) => Truth;

const conditions = new WeakMap<RawRule, Condition>();

export function compileRule(rule: RawRule): Condition {
  const known = conditions.get(rule);
  if (known !== undefined) return known;
  const condition = build(rule);
  conditions.set(rule, condition);
  return condition;
}

function build(rule: RawRule): Condition {
  if (rule.Condition !== undefined) return truthOf(compileExpression(rule.Condition.replace(/^\{%|%\}$/g, '').trim()));
  if (rule.And !== undefined) return decided(rule.And.map(build), false);
  if (rule.Or !== undefined) return decided(rule.Or.map(build), true);
  if (rule.Not !== undefined) return negated(build(rule.Not));
  return comparison(rule);
}

const truthOf =
  (evaluation: Evaluation): Condition =>
  (sight) => {
    const value = evaluation(sight);
    return value === UNKNOWN || typeof value === 'boolean' ? value : undefined;
  };

const negated =
  (condition: Condition): Condition =>
  (sight) => {
    const truth = condition(sight);
    return typeof truth === 'boolean' ? !truth : truth;
  };

/** `And`: a false part decides; `Or`: a true one; else a part that fails or is open. */
const decided =
  (parts: readonly Condition[], decisive: boolean): Condition =>
  (sight) => {
    const truths = parts.map((part) => part(sight));
    if (truths.includes(decisive)) return decisive;
    return truths.every((truth) => truth === !decisive) ? !decisive : truths.find((truth) => truth !== !decisive);
  };

const COMPARISON = /^(Numeric|String|Boolean)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?$/;

const TYPES: Readonly<Record<string, string>> = { Numeric: 'number', String: 'string', Boolean: 'boolean' };

const HOLDS: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => Number(left) < Number(right),
  LessThanEquals: (left, right) => Number(left) <= Number(right),
  GreaterThan: (left, right) => Number(left) > Number(right),
  GreaterThanEquals: (left, right) => Number(left) >= Number(right),
};

/** A value of another type never holds; what other tests find is not known. */
function comparison(rule: RawRule): Condition {
  const read = compilePath(rule.Variable ?? '$');
  const field = Object.keys(rule).find((name) => COMPARISON.test(name));
  const [, type = '', operation = '', isPath] = COMPARISON.exec(field ?? '') ?? [];
  const holds = HOLDS[operation];
  if (field === undefined || holds === undefined) return () => UNKNOWN;
  const other: Evaluation = isPath === undefined ? () => rule[field] as Value : compilePath(String(rule[field]));
  return (sight) => {
    const left = read(sight);
    const right = other(sight);
    if (left === undefined || right === undefined) return undefined;
    if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
    return typeof left === TYPES[type] && typeof right === TYPES[type] && holds(left, right);
  };
}
