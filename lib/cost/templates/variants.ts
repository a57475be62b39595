import { isUnresolved, reasonOf } from '../unresolved.ts';
import { type Choose, chooseNothing, everyCombination } from './choices.ts';

/** The most combinations of conditions and parameters that are told apart for one question. */
const MOST_VARIANTS = 256;

/**
 * Every result of an evaluation, each once. Where there are too many, one result in which whatever depends on a choice
 * is not known.
 */
export function everyVariant<T>(evaluate: (choose: Choose) => T): readonly T[] {
  const results = everyCombination(evaluate, MOST_VARIANTS) ?? [evaluate(chooseNothing)];
  if (results.length === 1) return results;
  return [...new Map(results.map((result) => [identityOf(result), result])).values()];
}

/** Equal texts for equal values. */
function identityOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    isUnresolved(part) ? { unresolved: [part.decidedBy, reasonOf(part)] } : part,
  );
  return text ?? 'undefined';
}
