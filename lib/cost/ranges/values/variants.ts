import { type Unresolved, unresolved } from '../../unresolved.ts';
import type { AbstractValue, ListShape, ObjectShape, Shape } from './abstract-value.ts';

/** Combinations that are told apart; of more it is only known that they differ. */
const MAX_VARIANTS = 64;

/** No value: a field that is missing. */
const MISSING = Symbol('missing');

/**
 * Every value that stands for some that the actual one can be, at least one: a range of numbers by its greatest. What
 * is not known is `because`, or whatever unresolved part of the template decides it.
 */
export function variantsOf(value: AbstractValue, because: Unresolved): readonly unknown[] {
  const present = possibilities(value, because).filter((variant) => variant !== MISSING);
  return present.length === 0 || present.length > MAX_VARIANTS ? [because] : present;
}

function possibilities(value: AbstractValue, because: Unresolved): readonly unknown[] {
  if (value.kind === 'anything') return [value.because ?? because];
  return [
    ...value.scalars,
    ...(value.isAnyText ? [because] : []),
    ...numberVariants(value, because),
    ...(value.lists === null ? [] : listVariants(value.lists, because)),
    ...(value.objects === null ? [] : objectVariants(value.objects, because)),
    ...(value.isAbsent ? [MISSING] : []),
  ];
}

function numberVariants({ numbers }: Shape, because: Unresolved): readonly unknown[] {
  if (numbers === null) return [];
  return [Number.isFinite(numbers.high) ? numbers.high : because];
}

function listVariants({ elements }: ListShape, because: Unresolved): readonly unknown[] {
  return elements === null
    ? [because]
    : combineAll(
        elements.map((element) => variantsOf(element, because)),
        because,
      );
}

function objectVariants({ fields, isOpen }: ObjectShape, because: Unresolved): readonly unknown[] {
  if (isOpen) return [because];
  const names = [...fields.keys()];
  const values = [...fields.values()].map((field) => {
    const variants = possibilities(field, because);
    return variants.length === 0 ? [because] : variants;
  });
  return combineFields(names, values, because);
}

/** Every object with one of the values of each field; one in which no value is known where they are too many. */
export function combineFields(
  names: readonly string[],
  values: readonly (readonly unknown[])[],
  because: Unresolved,
): readonly Readonly<Record<string, unknown>>[] {
  return combineAll(values, because).map((combination) =>
    Object.fromEntries(
      names.flatMap((name, place) => (combination[place] === MISSING ? [] : [[name, combination[place]]])),
    ),
  );
}

/** Every way to choose one of each. Where they are too many, what there are many of is not known. */
export function combineAll(
  choices: readonly (readonly unknown[])[],
  because: Unresolved,
): readonly (readonly unknown[])[] {
  if (choices.every(({ length }) => length === 1)) return [choices.flat()];
  let combinations: readonly (readonly unknown[])[] = [[]];
  for (const choice of choices) {
    const isTooMany = combinations.length * choice.length > MAX_VARIANTS;
    const chosen = isTooMany ? [tooMany(because)] : choice;
    combinations = combinations.flatMap((combination) => chosen.map((value) => [...combination, value]));
  }
  return combinations;
}

const tooMany = (because: Unresolved): Unresolved =>
  unresolved(because.decidedBy, `decided by more than ${MAX_VARIANTS} combinations of values`);
