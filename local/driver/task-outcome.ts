import type { JsonValue } from '../../lib/asl/json.ts';
import { isObject, type JsonObject } from '../cloudformation/template.ts';

/** What Step Functions would tell the state about its call. */
export type TaskOutcome =
  | { readonly kind: 'succeeded'; readonly output: JsonValue }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** A call underway. */
export interface TaskCall {
  readonly outcome: Promise<TaskOutcome>;
  /** Nobody waits for it any more; a job is asked to stop. */
  readonly cancel: () => void;
}

/** Step Functions gives the times of an API's answer in milliseconds, where the API itself has seconds. */
export function withMillisecondTimes(description: JsonObject): JsonValue {
  const entries = Object.entries(description).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      typeof value === 'number' && /(?:On|Time)$/.test(key) ? value * 1000 : plain(value),
    ]),
  );
}

/** The value without absent fields. */
function plain(value: JsonObject[string]): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return typeof value === 'object' || value === undefined ? null : value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}
