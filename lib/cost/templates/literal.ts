import { isUnresolved, type Unresolved, unresolved } from '../unresolved.ts';

const WHOLE_NUMBER = /^\d+(\.0+)?$/;
const MARKER = /^@\{[^}]*\}$/;

/**
 * The whole number, zero or more, that a resolved value is: CloudFormation takes the text `"5"` for the number 5.
 * What a deployment decides (an attribute of a resource) is unresolved; anything else is undefined.
 */
export function numberOf(value: unknown): bigint | Unresolved | undefined {
  if (isUnresolved(value)) return value;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? BigInt(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (MARKER.test(value)) return unresolved('deployment', `decided by ${value} at deployment`);
  return WHOLE_NUMBER.test(value) ? BigInt(value.split('.')[0] ?? value) : undefined;
}
