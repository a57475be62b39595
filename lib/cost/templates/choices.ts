/**
 * Decides what a deployment is free to decide: one of `options` possibilities, by its index. What is decided under a
 * key stays so for as long as the choice lasts; undefined where nothing may be decided.
 */
export type Choose = (key: string, options: number) => number | undefined;

/** Nothing is decided: what depends on a choice stays unknown. */
export const chooseNothing: Choose = () => undefined;

interface Decision {
  readonly key: string;
  readonly options: number;
  readonly index: number;
}

/**
 * The result of `evaluate` for every combination of the choices that it makes, in order; undefined where there are
 * more than `most`. Choices are found as they are made: only those that matter multiply.
 */
export function everyCombination<T>(evaluate: (choose: Choose) => T, most: number): readonly T[] | undefined {
  const results: T[] = [];
  let given: readonly Decision[] | undefined = [];
  while (given !== undefined) {
    if (results.length === most) return undefined;
    const decisions: Decision[] = [...given];
    const indexes = new Map(given.map(({ key, index }) => [key, index]));
    results.push(
      evaluate((key, options) => {
        const known = indexes.get(key);
        if (known !== undefined) return known;
        indexes.set(key, 0);
        decisions.push({ key, options, index: 0 });
        return 0;
      }),
    );
    given = nextCombination(decisions);
  }
  return results;
}

/** The last decision that has another option takes it; those after it are made anew. */
function nextCombination(decisions: readonly Decision[]): readonly Decision[] | undefined {
  const place = decisions.findLastIndex(({ index, options }) => index + 1 < options);
  const last = decisions[place];
  return last === undefined ? undefined : [...decisions.slice(0, place), { ...last, index: last.index + 1 }];
}
