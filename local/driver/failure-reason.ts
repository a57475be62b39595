import { isObject, textAt } from '../cloudformation/template.ts';

/** Fields in which a service or a function says why it failed. */
const REASONS = ['FailureReason', 'ErrorMessage', 'errorMessage'];

/**
 * The sentence in a cause that says what went wrong: Step Functions wraps it into the description of the job or the
 * function's answer, as JSON.
 */
export function reasonOf(cause: string): string {
  const description = parse(cause);
  if (!isObject(description)) return cause;
  return REASONS.map((name) => textAt(description, name)).find((reason) => reason !== undefined) ?? cause;
}

function parse(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
