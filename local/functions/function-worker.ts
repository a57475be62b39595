import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/** The thread of one function: loads its bundle at once, then answers one invocation after the other. */
export interface FunctionWorkerData {
  /** URL of the bundle's module. */
  readonly module: string;
  readonly handler: string;
  readonly compileCache: string;
}

export interface Invocation {
  readonly id: number;
  readonly payload: unknown;
}

/** What Lambda answers when a function throws. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type InvocationResult =
  | { readonly id: number; readonly ok: true; readonly payload: string }
  | { readonly id: number; readonly ok: false; readonly error: FunctionError };

const { module, handler, compileCache }: FunctionWorkerData = workerData;
enableCompileCache(compileCache);
const loaded: Promise<unknown> = import(module);
// An invocation reports why the bundle could not be loaded.
loaded.catch(() => undefined);

parentPort?.on('message', (invocation: Invocation) => {
  void invoke(invocation).then((result) => parentPort?.postMessage(result));
});

async function invoke({ id, payload }: Invocation): Promise<InvocationResult> {
  try {
    const exported: unknown = Object(await loaded)[handler];
    if (typeof exported !== 'function') throw new TypeError(`${handler} is not exported`);
    const result: unknown = await exported(payload, {});
    return { id, ok: true, payload: JSON.stringify(result ?? null) };
  } catch (error) {
    return { id, ok: false, error: describe(error) };
  }
}

/** As the Node.js runtime reports it: the error's name is its type. */
function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n').slice(0, 12) };
}
