import type { ChoiceState } from '../../workflow/workflow.ts';
import type { Fact, Place } from '../view.ts';
import type { Exit } from './exit.ts';

/** Rules before a rule that are taken into account: where it applies, none of them does. */
const MAX_RULES_BEFORE = 16;

/** The way of a rule or the default out of a Choice, and the facts of the condition that opens it. */
export interface ChoiceWay extends Pick<Exit, 'next' | 'at' | 'facts' | 'mentions'> {
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
    mentions: (sought: Place) => mentionsIn(rules.slice(Math.max(0, place - MAX_RULES_BEFORE), place + 1), sought),
  }));
  if (otherwise === null) return ways;
  const facts = once(() => failing(rules.length, rules.length));
  const mentions = (sought: Place): boolean => mentionsIn(rules, sought);
  return [...ways, { next: otherwise, at: `${at}.Default`, fields, facts, mentions }];
}

/** Whether the rules have the last word of the place in them. */
function mentionsIn(rules: ChoiceState['rules'], { name, path }: Place): boolean {
  const word = JSON.stringify(path.at(-1) ?? name).slice(1, -1);
  return rules.some(({ fields }) => JSON.stringify(fields).includes(word));
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
