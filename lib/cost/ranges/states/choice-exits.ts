import type { ChoiceState } from '../../workflow/workflow.ts';
import type { Exit } from './exit.ts';
import type { Fact } from '../view.ts';

/** Rules before a rule that are taken into account: where it applies, none of them does. */
const MAX_RULES_BEFORE = 16;

/** The way of a rule or the default out of a Choice, and the facts of the condition that opens it. */
export interface ChoiceWay extends Pick<Exit, 'next' | 'at' | 'facts'> {
  /** Fields that say what becomes of the data: those of the rule, or of the state for the default. */
  readonly fields: ChoiceState['fields'];
}

/** Rules apply in order, the first one whose condition holds; `factsOf` tells what a rule's condition says of the data. */
export function choiceWays(
  { rules, otherwise, fields, at }: ChoiceState,
  factsOf: (fields: ChoiceState['fields'], holds: boolean) => readonly Fact[],
): readonly ChoiceWay[] {
  const failing = (place: number, most: number): readonly Fact[] =>
    rules.slice(Math.max(0, place - most), place).flatMap((rule) => factsOf(rule.fields, false));
  const ways = rules.map((rule, place) => ({
    next: rule.next,
    at: rule.at,
    fields: rule.fields,
    facts: once(() => [...factsOf(rule.fields, true), ...failing(place, MAX_RULES_BEFORE)]),
  }));
  if (otherwise === null) return ways;
  const facts = once(() => failing(rules.length, rules.length));
  return [...ways, { next: otherwise, at: `${at}.Default`, fields, facts }];
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
