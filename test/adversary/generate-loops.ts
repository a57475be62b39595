import type { Chance } from './chance.ts';
import { type Comparison, type Counter, generateCounter } from './generate-counters.ts';
import { type Exits, leave, type ScopeDraft } from './scope-draft.ts';
import type { RawState } from './states-language.ts';

/** Writes the states inside a loop; the name of the first. */
export type BodyWriter = (scope: ScopeDraft, exits: Exits) => string;

/** A loop with a counter: as it should be or, where the case has traps, in one of the ways that do not end. */
export function generateLoop(scope: ScopeDraft, entry: string, exits: Exits, writeBody: BodyWriter): void {
  const { chance } = scope.draft;
  const [counter, plan] = [generateCounter(scope), planOf(scope)];
  const [guard, count] = [scope.draft.fresh('Guard'), scope.draft.fresh('Count')];
  const inRule = counter.addInRule !== undefined && chance.happens(0.4);
  const after = scope.target(exits.after);
  const isCountedAnyhow = inRule || plan.trap === 'uncounted catch';
  const body = writeBody(bodyScope(scope, counter, plan), {
    after: inRule ? guard : count,
    further: [after, ...(isCountedAnyhow ? [guard] : [])],
  });
  const step = inRule ? counter.addInRule?.(plan.step) : undefined;

  const begins = plan.trap === 'open start' ? {} : counter.start(plan.first);
  scope.add(entry, { Type: 'Pass', ...begins, ...leave(plan.guardsFirst ? guard : body) });
  scope.add(guard, guardState(scope, counter, { ...plan, after, body, countsInRule: step }));
  if (inRule) return;
  const back = plan.trap === 'starts anew' ? entry : guard;
  scope.add(count, countState(scope, counter, plan, back));
}

const TRAPS = [
  'open start',
  'open limit',
  'wrong step',
  'uncounted catch',
  'lost counter',
  'starts anew',
  'second way in',
  'exact comparison',
] as const;

type Plan = ReturnType<typeof planOf>;

/** So many laps, up or down, in steps that end exactly at the limit. */
function planOf({ draft: { chance, taste }, setting }: ScopeDraft) {
  const trap = taste.hasTraps && chance.happens(0.5) ? chance.pick(...TRAPS) : 'none';
  const laps = chance.between(1, Math.max(1, Math.min(4, setting.room)));
  const direction = chance.pick(1, 1, 1, -1);
  const [first, size] = [chance.pick(0, 0, 1, 5), chance.pick(1, 1, 1, 2)];
  const limit = first + direction * laps * size;
  const step = trap === 'wrong step' ? chance.pick(0, -direction, 0.4) : direction * size;
  return { trap, laps, direction, first, step, limit, guardsFirst: chance.happens(0.7) };
}

function bodyScope(scope: ScopeDraft, counter: Counter, { laps, trap }: Plan): ScopeDraft {
  const { room, depth, keepsInput, numbers } = scope.setting;
  return scope.within({
    room: Math.max(1, Math.floor(room / laps)),
    depth: depth - 1,
    succeeds: true,
    keepsInput: keepsInput || (counter.keepsInput && trap !== 'lost counter'),
    numbers: counter.variable === undefined ? numbers : [...numbers, counter.variable],
  });
}

/** A state that counts: a Pass, or a task whose success does. */
function countState({ draft, setting }: ScopeDraft, counter: Counter, { step }: Plan, next: string): RawState {
  const adds = counter.add(step);
  const isTask = counter.variable !== undefined && !setting.keepsInput && draft.chance.happens(0.2);
  if (!isTask) return { Type: 'Pass', ...adds, Next: next };
  const language = adds.QueryLanguage ?? setting.language;
  const call = { Bucket: 'bucket', Key: 'key' };
  const hands = language === 'JSONata' ? { Arguments: call, Output: '{% $states.input %}' } : { ResultPath: null };
  const parameters = language === 'JSONata' ? {} : { Parameters: call };
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    ...parameters,
    ...hands,
    ...adds,
    Next: next,
  };
}

interface Guard extends Plan {
  readonly after: string;
  readonly body: string;
  readonly countsInRule: object | undefined;
}

/** A comparison that holds while the loop goes on, and one that holds once it stops. */
function comparisonsOf({ direction, limit, trap }: Plan, chance: Chance) {
  const [going, stopped] = direction > 0 ? (['<', '>='] as const) : (['>', '<='] as const);
  if (trap === 'open limit')
    return { going: compared(going, 'from outside'), stopped: compared(stopped, 'from outside') };
  if (trap === 'exact comparison') return { going: compared('!=', limit), stopped: compared('=', limit) };
  const [before, beyond] = direction > 0 ? (['<=', '>'] as const) : (['>=', '<'] as const);
  return {
    going: chance.pick(compared(going, limit), compared(before, limit - direction)),
    stopped: chance.pick(compared(stopped, limit), compared(beyond, limit - direction)),
  };
}

interface Compared {
  readonly comparison: Comparison;
  readonly limit: number | 'from outside';
}

const compared = (comparison: Comparison, limit: Compared['limit']): Compared => ({ comparison, limit });

function guardState({ setting, draft }: ScopeDraft, counter: Counter, guard: Guard): RawState {
  const { going, stopped } = comparisonsOf(guard, draft.chance);
  const isReversed = guard.countsInRule === undefined && draft.chance.happens(0.3);
  const compare = draft.chance.happens(0.2) ? counter.compareAndMore : counter.compare;
  const goesOn = { ...compare(going.comparison, going.limit), ...guard.countsInRule, Next: guard.body };
  const stops = { ...counter.compare(stopped.comparison, stopped.limit), Next: guard.after };
  const alsoIn = guard.trap === 'second way in' ? [{ ...counter.compareAndMore('>=', 0), Next: guard.body }] : [];
  const language = 'Condition' in goesOn && setting.language === 'JSONPath' ? { QueryLanguage: 'JSONata' } : {};
  return isReversed
    ? { Type: 'Choice', ...language, Choices: [stops], Default: guard.body }
    : { Type: 'Choice', ...language, Choices: [goesOn, ...alsoIn], Default: guard.after };
}
