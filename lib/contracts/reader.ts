import type { Checked, Diagnostic } from '../errors/diagnostic.ts';
import { UserError } from '../errors/user-error.ts';

/** Reads parsed JSON as a `T`: the same value, known to have the shape, or everything that is wrong with it. */
export type Reader<T> = (json: unknown, at: string) => Checked<T>;

type Fields<T> = { readonly [Key in keyof T]-?: Reader<T[Key]> };

export const text: Reader<string> = primitive('a text', (json): json is string => typeof json === 'string');
export const flag: Reader<boolean> = primitive('true or false', (json): json is boolean => typeof json === 'boolean');
export const number: Reader<number> = primitive('a number', (json): json is number => typeof json === 'number');
/** A whole number, zero or more. */
export const count: Reader<number> = primitive(
  'a whole number, zero or more',
  (json): json is number => Number.isSafeInteger(json) && Number(json) >= 0,
);

/** A text that `matches`; `expectation` says which texts those are. */
export const textLike = (expectation: string, matches: (text: string) => boolean): Reader<string> =>
  primitive(expectation, (json): json is string => typeof json === 'string' && matches(json));

/** Exactly one of the values. */
export function oneOf<const Values extends readonly (string | number | boolean)[]>(
  ...values: Values
): Reader<Values[number]> {
  const expectation = values.map((value) => JSON.stringify(value)).join(' or ');
  return primitive(expectation, (json): json is Values[number] => values.some((value) => value === json));
}

export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return (json, at) => (json === null ? { value: null, diagnostics: [] } : read(json, at));
}

/** A field that may be absent. */
export function optional<T>(read: Reader<T>): Reader<T> {
  return (json, at) => (json === undefined ? { diagnostics: [] } : read(json, at));
}

export function list<T>(read: Reader<T>): Reader<readonly T[]> {
  return (json, at) => {
    if (!Array.isArray(json)) return mismatch(json, at, 'a list');
    const diagnostics = json.flatMap((item: unknown, index) => read(item, `${at}[${index}]`).diagnostics);
    return checked(json, diagnostics);
  };
}

/** An object whose values, under whatever names, all have one shape. */
export function record<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (json, at) => {
    if (!isObject(json)) return mismatch(json, at, 'an object');
    const diagnostics = Object.entries(json).flatMap(([name, item]) => read(item, `${at}.${name}`).diagnostics);
    return checked(json, diagnostics);
  };
}

/** An object with these fields; others are left alone, so that a later minor addition can still be read. */
export function shape<T extends object>(fields: Fields<T>): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(fields);
  return (json, at) => {
    if (!isObject(json)) return mismatch(json, at, 'an object');
    const diagnostics = readers.flatMap(([name, read]) => read(json[name], `${at}.${name}`).diagnostics);
    return checked(json, diagnostics);
  };
}

/** An object whose field `tag` says which of the shapes it has. */
export function tagged<T>(tag: string, shapes: Readonly<Record<string, Reader<T>>>): Reader<T> {
  const expectation = Object.keys(shapes).join(' or ');
  return (json, at) => {
    if (!isObject(json)) return mismatch(json, at, 'an object');
    const read = shapes[String(json[tag])];
    return read === undefined ? mismatch(json[tag], `${at}.${tag}`, expectation) : read(json, at);
  };
}

/**
 * The value, where all is well with it.
 * @throws UserError `invalid-input` with every problem
 */
export function readOrThrow<T>(read: Reader<T>, json: unknown, subject: string): T {
  const { value, diagnostics } = read(json, subject);
  if (diagnostics.length > 0 || value === undefined) throw UserError.fromDiagnostics(subject, diagnostics);
  return value;
}

function primitive<T>(expectation: string, is: (json: unknown) => json is T): Reader<T> {
  return (json, at) => (is(json) ? { value: json, diagnostics: [] } : mismatch(json, at, expectation));
}

// The only place where JSON takes a type: every part of it was checked just before.
function checked<T>(json: unknown, diagnostics: readonly Diagnostic[]): Checked<T> {
  return diagnostics.length === 0 ? { value: json as T, diagnostics } : { diagnostics };
}

function mismatch(json: unknown, at: string, expectation: string): { readonly diagnostics: readonly Diagnostic[] } {
  const given = json === undefined ? 'missing' : (JSON.stringify(json)?.slice(0, 80) ?? typeof json);
  const message = `is ${given}, not ${expectation}`;
  return { diagnostics: [{ code: 'malformed', severity: 'error', at, message, fix: `give ${expectation}` }] };
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
