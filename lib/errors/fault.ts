/** An invariant of ours broke: a defect in Hundredfold, never the caller's mistake. Exit code 2. */
export class Fault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
  }
}

/** The value, or a fault that names what was expected to be there. */
export function must<T>(value: T | null | undefined, expectation: string): T {
  if (value === null || value === undefined) throw new Fault(`expected ${expectation}`);
  return value;
}

/** Fails to compile while a case is unhandled, and throws if one slips in from outside the types. */
export function assertNever(value: never): never {
  throw new Fault(`unhandled case ${JSON.stringify(value)}`);
}
