import { type JsonObject, textAt } from '../cloudformation/template.ts';
import { ServiceError } from './service-error.ts';

/** @throws ServiceError ValidationException */
export function requireText(parameters: JsonObject, name: string): string {
  const text = textAt(parameters, name);
  if (text === undefined || text === '') throw ServiceError.validation(`${name} is missing`);
  return text;
}

/** Refuses by name what the operation has and this endpoint would ignore. */
export function refuseOthers(operation: string, parameters: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined) throw ServiceError.notImplemented(`${operation} with ${unknown}`);
}
