import type { JsonObject } from '../asl/json.ts';

/** A JSONata expression as a state's field holds it. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** A text as a JSONata string. */
export const quoted = (text: string): string => `'${text}'`;

/** Texts and expressions joined into one text: `concatenated("'a/'", '$b')` is `'a/' & $b`. */
export const concatenated = (...parts: readonly string[]): string => parts.join(' & ');

export const EXECUTION_NAME = '$states.context.Execution.Name';

/** What every handler is told of the run, as a payload. */
export const EXECUTION_CONTEXT = {
  slot: jsonata('$states.context.Execution.Input.slot'),
  attempt: jsonata('$states.context.Execution.Input.attempt'),
  engine: jsonata('$states.context.Execution.Input.engine'),
  revision: jsonata('$states.context.Execution.Input.revision'),
  execution: jsonata(EXECUTION_NAME),
  executionArn: jsonata('$states.context.Execution.Id'),
  startTime: jsonata('$states.context.Execution.StartTime'),
} as const satisfies JsonObject;

/** The place in a Map of a state outside of any. */
export const NO_MAP_INDEX = "'-'";

/** Hexadecimal digits that name one try of one state: a retry, another item and another run have others. */
export function tryDigest(state: string, mapIndex: string, digits: number): string {
  const identity = concatenated(
    EXECUTION_NAME,
    quoted(`/${state}/`),
    `$string(${mapIndex})`,
    "'/'",
    '$string($states.context.State.RetryCount)',
  );
  return `$substring($hash(${identity}, 'SHA-256'), 0, ${digits})`;
}

/** The attempt id of a job's try, 16 hexadecimal digits. */
export const attemptId = (state: string): string => tryDigest(state, NO_MAP_INDEX, 16);
