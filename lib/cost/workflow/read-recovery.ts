import type { JsonObject } from '../json-object.ts';
import type { Reading } from './reading.ts';
import type { Catcher, Retrier } from './workflow.ts';

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (2026-11-20). */
const DEFAULT_MAX_ATTEMPTS = 3;
const GREATEST_MAX_ATTEMPTS = 99_999_999;

/** The retriers and catchers of the state at `at`, in their order. */
export function readRecovery(
  fields: JsonObject,
  at: string,
  reading: Reading,
): { readonly retriers: readonly Retrier[]; readonly catchers: readonly Catcher[] } {
  return {
    retriers: readEach(fields['Retry'], `${at}.Retry`, reading, readRetrier),
    catchers: readEach(fields['Catch'], `${at}.Catch`, reading, readCatcher),
  };
}

type Read<T> = (item: JsonObject, at: string, reading: Reading) => T | undefined;

/** A missing or empty list is none. */
function readEach<T>(value: unknown, at: string, reading: Reading, read: Read<T>): readonly T[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  return (reading.list(value, at) ?? []).flatMap((item, place) => {
    const here = `${at}[${place}]`;
    const fields = reading.object(item, here);
    const parsed = fields === undefined ? undefined : read(fields, here, reading);
    return parsed === undefined ? [] : [parsed];
  });
}

function readRetrier(fields: JsonObject, at: string, reading: Reading): Retrier | undefined {
  const errors = readErrors(fields, at, reading);
  const { MaxAttempts: given = DEFAULT_MAX_ATTEMPTS } = fields;
  const maxAttempts = reading.wholeNumber(given, `${at}.MaxAttempts`, GREATEST_MAX_ATTEMPTS);
  return errors === undefined ? undefined : { at, errors, maxAttempts: maxAttempts ?? DEFAULT_MAX_ATTEMPTS };
}

function readCatcher(fields: JsonObject, at: string, reading: Reading): Catcher | undefined {
  const errors = readErrors(fields, at, reading);
  const next = reading.text(fields['Next'], `${at}.Next`);
  return errors === undefined || next === undefined ? undefined : { at, errors, next, fields };
}

function readErrors(fields: JsonObject, at: string, reading: Reading): readonly string[] | undefined {
  const names = reading.list(fields['ErrorEquals'], `${at}.ErrorEquals`);
  return names?.flatMap((name, place) => reading.text(name, `${at}.ErrorEquals[${place}]`) ?? []);
}
