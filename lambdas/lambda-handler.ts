import { type Reader, readOrThrow } from '../lib/contracts/reader.ts';
import { UserError } from '../lib/errors/user-error.ts';

/** What Lambda calls. Step Functions sees a thrown error's `name` as the error name. */
export type LambdaHandler<Output> = (event: unknown) => Promise<Output>;

/** Reads the event, acts on it, and gives what went wrong a name that a state machine can catch. */
export function lambdaHandler<Input, Output>(
  read: Reader<Input>,
  act: (input: Input) => Promise<Output>,
): LambdaHandler<Output> {
  return async (event) => {
    try {
      return await act(readOrThrow(read, event, 'event'));
    } catch (error) {
      throw error instanceof UserError ? named(error) : error;
    }
  };
}

/** `no-landing-units` becomes `NoLandingUnits`; the message keeps the fix. */
function named(error: UserError): Error {
  const failure = new Error(`${error.message}; fix: ${error.resolution}`, { cause: error });
  failure.name = error.code.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return failure;
}
