/** Data of an execution as far as it is known; what comes from outside may be anything. */
export const UNKNOWN: unique symbol = Symbol('any value');
/** Marks an object that may have further fields of any value. */
const OPEN: unique symbol = Symbol('any further field');

export interface Fields {
  readonly [OPEN]?: true;
  readonly [name: string]: Value;
}
export type Value = typeof UNKNOWN | string | number | boolean | null | readonly Value[] | Fields;

/** Input of a state and the variables in sight. */
export interface Data {
  readonly input: Value;
  readonly variables: Readonly<Record<string, Value>>;
}

/** What an execution starts with: any input, no variable. */
export const FROM_OUTSIDE: Data = { input: UNKNOWN, variables: {} };

const isFields = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path of names, or undefined where there is none. */
export function valueAt(value: Value | undefined, path: readonly string[]): Value | undefined {
  let here = value;
  for (const name of path) {
    if (here === UNKNOWN) return UNKNOWN;
    if (here === undefined || !isFields(here)) return undefined;
    here = name in here ? here[name] : here[OPEN] === true ? UNKNOWN : undefined;
  }
  return here;
}

/** The value with another one put at a path of names; an empty path replaces all of it. */
export function withValueAt(value: Value, path: readonly string[], placed: Value): Value {
  const [name, ...rest] = path;
  if (name === undefined) return placed;
  const fields: Fields = value === UNKNOWN ? { [OPEN]: true } : isFields(value) ? value : {};
  const before = name in fields ? (fields[name] ?? null) : fields[OPEN] === true ? UNKNOWN : {};
  return { ...fields, [name]: withValueAt(before, rest, placed) };
}

/** A text that two values share only where they are the same. */
export function keyOf(value: Value): string {
  if (value === UNKNOWN) return '?';
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (!isFields(value)) return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${name}:${keyOf(value[name] ?? null)}`).join()}${value[OPEN] === true ? ',?' : ''}}`;
}

export const keyOfData = ({ input, variables }: Data): string => `${keyOf(input)} ${keyOf(variables)}`;
