import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../lib/errors/user-error.ts';
import { systemErrorCode } from '../state/system-error.ts';
import type { JsonService } from './json-service.ts';
import { serveJson } from './json-service.ts';
import { type ObjectService, serveObjects } from './s3/service.ts';
import { errorDocument } from './s3/xml.ts';

export interface EndpointServices {
  readonly objects: ObjectService;
  /** By the first part of X-Amz-Target: `AWSGlue`. */
  readonly json: Readonly<Record<string, JsonService>>;
  /** Only callers that know it are answered: the session token of every credential of this run. */
  readonly sessionToken: string;
  /** Told of what broke inside, which the caller sees as an InternalFailure. */
  readonly onFault: (error: unknown) => void;
}

export interface Endpoint {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts answering AWS calls on a free port of the loopback interface.
 *
 * @throws UserError endpoint-unavailable
 */
export async function startEndpoint(services: EndpointServices): Promise<Endpoint> {
  const server = createServer((request, response) => {
    serve(services, request, response).catch((error: unknown) => {
      services.onFault(error);
      failRequest(request, response, error);
    });
  });
  await listen(server);
  const { port } = addressOf(server);
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function serve(services: EndpointServices, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const credential = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(
    request.headers.authorization ?? '',
  );
  const [, caller, service] = credential ?? [];
  if (caller === undefined || request.headers['x-amz-security-token'] !== services.sessionToken) {
    request.resume();
    response.writeHead(403, { 'content-type': 'text/plain' }).end('this endpoint answers only its own run\n');
    return;
  }
  if (service === 's3') await serveObjects(services.objects, caller, request, response);
  else await serveJson(services.json, caller, request, response);
}

/** A full disk and the like: the caller must not wait for ever. */
function failRequest(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const message = `the local endpoint failed: ${systemErrorCode(error) ?? 'InternalFailure'}`;
  if (request.headers.authorization?.includes('/s3/aws4_request')) {
    response.writeHead(500, { 'content-type': 'application/xml' });
    response.end(errorDocument('InternalError', message, request.url ?? ''));
    return;
  }
  response.writeHead(500, { 'content-type': 'application/json', 'x-amzn-errortype': 'InternalFailure' });
  response.end(JSON.stringify({ message }));
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new UserError({
          code: 'endpoint-unavailable',
          message: `cannot listen on 127.0.0.1: ${cause.message}`,
          resolution:
            'allow local connections on the loopback interface and end programs that hold its ports, then repeat the command',
          cause,
        }),
      );
    });
    server.listen(0, '127.0.0.1', resolve);
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the endpoint has no TCP address');
  return address;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
