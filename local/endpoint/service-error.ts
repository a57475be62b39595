/** An error that a service answers with, under the name that the service gives it. */
export class ServiceError extends Error {
  /** The exception's name on the wire: `NoSuchKey`, `ConcurrentRunsExceededException`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }

  /** For what the service has and this endpoint has not: refused by name, never ignored. */
  static notImplemented(what: string): ServiceError {
    return new ServiceError('NotImplemented', 501, `${what} is not available on the laptop`);
  }

  static validation(message: string): ServiceError {
    return new ServiceError('ValidationException', 400, message);
  }
}
