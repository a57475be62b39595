import { type Exits, leave, type ScopeDraft } from './scope-draft.ts';
import type { RawState } from './states-language.ts';

/** Writes the states inside a loop; the name of the first. */
export type BodyWriter = (scope: ScopeDraft, exits: Exits) => string;

/** How a loop counts, in the words of its query language. */
interface Counter {
  readonly start: (count: number) => Partial<RawState>;
  readonly add: (step: number) => Partial<RawState>;
  /** A rule that holds while the count is below, or (`atLeast`) once it reached the limit. */
  readonly below: (limit: unknown) => object;
  readonly atLeast: (limit: unknown) => object;
  /** What a rule assigns when it is taken, where a rule can count. */
  readonly addInRule: ((step: number) => object) | undefined;
  readonly keepsInput: boolean;
}

const LIMITS = ['{% $states.input.most %}', '$.most'] as const;

/** A loop with a counter: as it should be or, where the case has traps, in one of the ways that do not end. */
export function generateLoop(scope: ScopeDraft, entry: string, exits: Exits, writeBody: BodyWriter): void {
  const { chance } = scope.draft;
  const [counter, plan] = [counterOf(scope), planOf(scope)];
  const [guard, count] = [scope.draft.fresh('Guard'), scope.draft.fresh('Count')];
  const inRule = counter.addInRule !== undefined && chance.happens(0.4);
  const after = scope.target(exits.after);
  const isCountedAnyhow = inRule || plan.trap === 'uncounted catch';
  const inner = scope.within({
    room: Math.max(1, Math.floor(scope.setting.room / plan.laps)),
    depth: scope.setting.depth - 1,
    succeeds: true,
    keepsInput: scope.setting.keepsInput || (counter.keepsInput && plan.trap !== 'lost counter'),
  });
  const body = writeBody(inner, {
    after: inRule ? guard : count,
    further: [after, ...(isCountedAnyhow ? [guard] : [])],
  });
  const step = inRule ? counter.addInRule?.(plan.step) : undefined;

  const begins = plan.trap === 'open start' ? {} : counter.start(plan.first);
  scope.add(entry, { Type: 'Pass', ...begins, ...leave(plan.guardsFirst ? guard : body) });
  scope.add(guard, guardState(scope, counter, { after, body, step, limit: limitOf(counter, plan) }));
  if (!inRule) scope.add(count, { Type: 'Pass', ...counter.add(plan.step), ...leave(backTo(plan, entry, guard)) });
}

const TRAPS = ['open start', 'open limit', 'wrong step', 'uncounted catch', 'lost counter', 'starts anew'] as const;

type Plan = ReturnType<typeof planOf>;

const limitOf = (counter: Counter, { limit, trap }: Plan): unknown =>
  trap === 'open limit' ? LIMITS[counter.keepsInput ? 1 : 0] : limit;

const backTo = ({ trap }: Plan, entry: string, guard: string): string => (trap === 'starts anew' ? entry : guard);

function planOf({ draft: { chance, taste }, setting }: ScopeDraft) {
  const trap = taste.hasTraps && chance.happens(0.5) ? chance.pick(...TRAPS) : 'none';
  const laps = chance.between(1, Math.max(1, Math.min(4, setting.room)));
  const [first, step] = [chance.pick(0, 0, 1, 5), chance.pick(1, 1, 1, 2)];
  const limit = first + laps * step;
  const given = trap === 'wrong step' ? chance.pick(0, -1, 0.4) : step;
  return { trap, laps, first, step: given, limit, guardsFirst: chance.happens(0.7) };
}

function guardState(
  { setting, draft }: ScopeDraft,
  counter: Counter,
  loop: { readonly after: string; readonly body: string; readonly step: object | undefined; readonly limit: unknown },
): RawState {
  const goesOn = { ...counter.below(loop.limit), ...loop.step, Next: loop.body };
  const isReversed = loop.step === undefined && draft.chance.happens(0.3);
  const stops = { ...counter.atLeast(loop.limit), Next: loop.after };
  const language = counter.keepsInput || setting.language === 'JSONata' ? {} : languageField(goesOn);
  return isReversed
    ? { Type: 'Choice', ...language, Choices: [stops], Default: loop.body }
    : { Type: 'Choice', ...language, Choices: [goesOn], Default: loop.after };
}

const languageField = (rule: object): object => ('Condition' in rule ? { QueryLanguage: 'JSONata' } : {});

function counterOf(scope: ScopeDraft): Counter {
  const name = scope.draft.fresh('count');
  if (scope.setting.language === 'JSONata') return jsonataCounter(name, {});
  return scope.draft.chance.pick(pathCounter, variableCounter, () =>
    jsonataCounter(name, { QueryLanguage: 'JSONata' }),
  )(name);
}

const unwrapped = (limit: unknown): string => String(limit).replace(/^\{% | %\}$/g, '');

/** A variable, counted by expressions. */
const jsonataCounter = (name: string, language: object): Counter => ({
  start: (count) => ({ ...language, Assign: { [name]: count } }),
  add: (step) => ({ ...language, Assign: { [name]: `{% $${name} + ${step} %}` } }),
  below: (limit) => ({ Condition: `{% $${name} < ${unwrapped(limit)} %}` }),
  atLeast: (limit) => ({ Condition: `{% $${name} >= ${unwrapped(limit)} %}` }),
  addInRule: (step) => ({ Assign: { [name]: `{% $${name} + ${step} %}` } }),
  keepsInput: false,
});

const numeric = (variable: string, comparison: string, limit: unknown): object =>
  typeof limit === 'number'
    ? { Variable: variable, [`Numeric${comparison}`]: limit }
    : { Variable: variable, [`Numeric${comparison}Path`]: '$.most' };

/** A variable, counted by `States.MathAdd`. */
const variableCounter = (name: string): Counter => ({
  start: (count) => ({ Assign: { [name]: count } }),
  add: (step) => ({ Assign: { [`${name}.$`]: `States.MathAdd($${name}, ${step})` } }),
  below: (limit) => numeric(`$${name}`, 'LessThan', limit),
  atLeast: (limit) => numeric(`$${name}`, 'GreaterThanEquals', limit),
  addInRule: (step) => ({ Assign: { [`${name}.$`]: `States.MathAdd($${name}, ${step})` } }),
  keepsInput: false,
});

/** A field of the input, which every state of the loop has to hand on. */
const pathCounter = (name: string): Counter => ({
  start: (count) => ({ Result: { count }, ResultPath: `$.${name}` }),
  add: (step) => ({ Parameters: { 'count.$': `States.MathAdd($.${name}.count, ${step})` }, ResultPath: `$.${name}` }),
  below: (limit) => numeric(`$.${name}.count`, 'LessThan', limit),
  atLeast: (limit) => numeric(`$.${name}.count`, 'GreaterThanEquals', limit),
  addInRule: undefined,
  keepsInput: true,
});
