import type { JsonValue } from './json.ts';

/** Most bytes of a state's input, output, result or arguments, and of one variable. Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (2026-11-20). */
const MAX_DATA_BYTES = 262_144;

/** Whether the value's JSON takes more bytes in UTF-8 than Step Functions passes on. */
export function exceedsDataLimit(value: JsonValue): boolean {
  const text = JSON.stringify(value);
  if (text.length > MAX_DATA_BYTES) return true;
  const mostBytesPerUnit = 3;
  return text.length * mostBytesPerUnit > MAX_DATA_BYTES && new TextEncoder().encode(text).length > MAX_DATA_BYTES;
}
