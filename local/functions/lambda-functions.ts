import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { must } from '../../lib/errors/fault.ts';
import type { DeployedFunction } from '../assembly/deployment.ts';
import { ownModule } from '../package-files.ts';
import type { FunctionError, FunctionWorkerData, Invocation, InvocationResult } from './function-worker.ts';

export interface FunctionHost {
  readonly region: string;
  /** Variables that say where the SDK sends the calls of a function of this role, and as whom. */
  readonly callsAs: (roleArn: string) => NodeJS.ProcessEnv;
  /** Where V8 keeps compiled bundles between runs. */
  readonly compileCache: string;
  readonly logFile: (name: string) => string;
}

/** The local endpoint knows a role by its name. */
export const callsOfEndpoint =
  (endpointUrl: string, sessionToken: string): FunctionHost['callsAs'] =>
  (roleArn) => ({
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_ACCESS_KEY_ID: roleArn.split('/').at(-1) ?? '',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: sessionToken,
  });

/** How an invocation ended; the payload is parsed JSON. */
export type FunctionOutcome =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: FunctionError };

/** The app's functions: each bundle in a thread of its own, under its role and its environment. */
export class LambdaFunctions {
  readonly #host: FunctionHost;
  readonly #functions: ReadonlyMap<string, DeployedFunction>;
  readonly #instances = new Map<string, FunctionInstance>();

  constructor(host: FunctionHost, functions: readonly DeployedFunction[]) {
    this.#host = host;
    this.#functions = new Map(functions.map((deployed) => [deployed.arn, deployed]));
  }

  has(arn: string): boolean {
    return this.#functions.has(arn);
  }

  /** Loads the bundle ahead of its first invocation. */
  warm(arn: string): void {
    this.#instance(arn);
  }

  invoke(arn: string, payload: unknown): Promise<FunctionOutcome> {
    return this.#instance(arn).invoke(payload);
  }

  #instance(arn: string): FunctionInstance {
    const known = this.#instances.get(arn);
    if (known?.isAlive === true) return known;
    const fresh = new FunctionInstance(this.#host, must(this.#functions.get(arn), `a function ${arn}`));
    this.#instances.set(arn, fresh);
    return fresh;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#instances.values()].map((instance) => instance.close()));
  }
}

/** One execution environment: a thread that answers one invocation at a time. */
class FunctionInstance {
  isAlive = true;
  readonly #function: DeployedFunction;
  readonly #worker: Worker;
  readonly #pending = new Map<number, (outcome: FunctionOutcome) => void>();
  #turn: Promise<unknown> = Promise.resolve();
  #sequence = 0;

  constructor(host: FunctionHost, deployed: DeployedFunction) {
    this.#function = deployed;
    this.#worker = new Worker(ownModule(import.meta.url, './function-worker'), {
      workerData: workerDataOf(host, deployed),
      env: environmentOf(host, deployed),
      stdout: true,
      stderr: true,
    });
    void keepLog(this.#worker, host.logFile(deployed.name));
    this.#worker.on('message', (result: InvocationResult) => this.#receive(result));
    this.#worker.on('error', (error) => this.#crash('Runtime.ExitError', error.message));
    this.#worker.on('exit', (code) =>
      this.#crash('Runtime.ExitError', `the function's thread ended with code ${code}`),
    );
    this.#worker.unref();
  }

  invoke(payload: unknown): Promise<FunctionOutcome> {
    const invocation = this.#turn.then(() => this.#invokeNow(payload));
    this.#turn = invocation;
    return invocation;
  }

  async #invokeNow(payload: unknown): Promise<FunctionOutcome> {
    if (!this.isAlive) return failure('Runtime.ExitError', 'the function’s thread has ended');
    this.#sequence += 1;
    const invocation: Invocation = { id: this.#sequence, payload };
    const { timeoutSeconds } = this.#function;
    const timer = setTimeout(() => {
      this.#crash('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
      void this.#worker.terminate();
    }, timeoutSeconds * 1000);
    try {
      return await new Promise((resolve) => {
        this.#pending.set(invocation.id, resolve);
        this.#worker.postMessage(invocation);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #receive(result: InvocationResult): void {
    this.#settle(
      result.id,
      result.ok ? { ok: true, payload: JSON.parse(result.payload) } : { ok: false, error: result.error },
    );
  }

  #settle(id: number, outcome: FunctionOutcome): void {
    this.#pending.get(id)?.(outcome);
    this.#pending.delete(id);
  }

  /** Nothing more comes from this thread: what waits for it fails, and the next invocation gets a new one. */
  #crash(errorType: string, errorMessage: string): void {
    this.isAlive = false;
    for (const id of [...this.#pending.keys()]) this.#settle(id, failure(errorType, errorMessage));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

const failure = (errorType: string, errorMessage: string): FunctionOutcome => ({
  ok: false,
  error: { errorType, errorMessage, trace: [] },
});

function workerDataOf({ compileCache }: FunctionHost, { bundle, handler }: DeployedFunction): FunctionWorkerData {
  const [file = 'index', name = 'handler'] = handler.split('.');
  return { module: pathToFileURL(join(bundle, `${file}.mjs`)).href, handler: name, compileCache };
}

/** What Lambda sets, and how the SDK calls AWS. */
function environmentOf(
  host: FunctionHost,
  { name, roleArn, memoryMb, environment }: DeployedFunction,
): NodeJS.ProcessEnv {
  return {
    ...environment,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_REGION: host.region,
    AWS_DEFAULT_REGION: host.region,
    ...host.callsAs(roleArn),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    TZ: 'UTC',
  };
}

async function keepLog(worker: Worker, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let log: WriteStream | undefined;
  const write = (chunk: Buffer): void => {
    log ??= createWriteStream(path, { flags: 'a' }).on('error', () => undefined);
    log.write(chunk);
  };
  worker.stdout.on('data', write);
  worker.stderr.on('data', write);
  worker.once('exit', () => log?.end());
}
