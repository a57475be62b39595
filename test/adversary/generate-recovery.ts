import type { Chance } from './chance.ts';
import type { RawCatcher, RawRetrier } from './states-language.ts';

const ERRORS = [
  'Boom',
  'Crash',
  'Lambda.TooManyRequestsException',
  'SageMaker.ThrottlingException',
  'States.Timeout',
  'States.TaskFailed',
] as const;

/** Retriers, some of them shadowed by earlier ones, that add at most `most` tries. */
export function generateRetriers(chance: Chance, most: number): readonly RawRetrier[] {
  const retriers: RawRetrier[] = [];
  let left = most;
  for (let count = chance.pick(0, 0, 1, 1, 2, 3); count > 0; count -= 1) {
    const attempts = chance.pick(undefined, 0, 1, 2);
    const [adds, isLast] = [attempts ?? 3, count === 1];
    if (adds > left) continue;
    left -= adds;
    const names = generateErrors(chance, isLast);
    retriers.push({ ErrorEquals: names, ...(attempts === undefined ? {} : { MaxAttempts: attempts }) });
  }
  return retriers;
}

export function generateCatchers(chance: Chance, targets: readonly string[]): readonly RawCatcher[] {
  const [first, ...others] = targets;
  if (first === undefined) return [];
  const count = chance.pick(0, 0, 1, 1, 2);
  return Array.from({ length: count }, (_, place) => ({
    ErrorEquals: generateErrors(chance, place === count - 1),
    Next: chance.pick(first, ...others),
  }));
}

/** `States.ALL` stands alone, and last. */
function generateErrors(chance: Chance, mayBeAll: boolean): readonly string[] {
  if (mayBeAll && chance.happens(0.5)) return ['States.ALL'];
  return [...new Set(Array.from({ length: chance.pick(1, 1, 2) }, () => chance.pick(...ERRORS)))];
}
