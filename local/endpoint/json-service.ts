import type { IncomingMessage, ServerResponse } from 'node:http';
import { isObject, type JsonObject } from '../cloudformation/template.ts';
import { ServiceError } from './service-error.ts';

/** One operation of a service with a JSON protocol: parameters in, answer out. */
export type JsonOperation = (caller: string, parameters: JsonObject) => Promise<object>;

/** Operations by name; those that the service has and this has not are refused by name. */
export type JsonService = Readonly<Record<string, JsonOperation>>;

/** Parameters of the calls that a run makes are references: far below this. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Answers one call in the AWS JSON protocols (1.0 and 1.1), which name the operation in X-Amz-Target. */
export async function serveJson(
  services: Readonly<Record<string, JsonService>>,
  caller: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const contentType = String(request.headers['content-type'] ?? 'application/x-amz-json-1.1');
  try {
    const operation = findOperation(services, String(request.headers['x-amz-target'] ?? ''));
    const answer = await operation(caller, await readParameters(request));
    response.writeHead(200, { 'content-type': contentType }).end(JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    request.resume();
    response.writeHead(error.status, { 'content-type': contentType, 'x-amzn-errortype': error.code });
    response.end(JSON.stringify({ __type: error.code, message: error.message, Message: error.message }));
  }
}

function findOperation(services: Readonly<Record<string, JsonService>>, target: string): JsonOperation {
  const [service = '', name = ''] = target.split('.');
  const operation = services[service]?.[name];
  if (operation === undefined) throw ServiceError.notImplemented(`the operation ${target}`);
  return operation;
}

async function readParameters(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > MOST_BYTES) throw ServiceError.validation(`the request has more than ${MOST_BYTES} bytes`);
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const value: unknown = JSON.parse(text === '' ? '{}' : text);
  if (!isObject(value)) throw ServiceError.validation('the request is not a JSON object');
  return value;
}
