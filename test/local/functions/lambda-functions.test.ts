import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callsOfEndpoint, LambdaFunctions } from '../../../local/functions/lambda-functions.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** A function whose handler has the body, `event` in scope. */
async function deploy(body: string, timeoutSeconds = 30): Promise<LambdaFunctions> {
  const folder = await temporaryFolder();
  const bundle = join(folder, 'asset.f');
  await mkdir(bundle);
  await writeFile(join(bundle, 'index.mjs'), `export const handler = async (event) => { ${body} };\n`);
  const host = {
    region: 'us-east-1',
    callsAs: callsOfEndpoint('http://127.0.0.1:1', 'token'),
    compileCache: join(folder, 'cache'),
    logFile: (name: string) => join(folder, `${name}.log`),
  };
  const deployed = {
    name: 'f',
    arn: ARN,
    roleArn: 'arn:aws:iam::000000000000:role/role-of-f',
    bundle,
    handler: 'index.handler',
    timeoutSeconds,
    memoryMb: 256,
    environment: { DATA_BUCKET: 'lake' },
  };
  const functions = new LambdaFunctions(host, [deployed]);
  onTestFinished(() => functions.close());
  return functions;
}

describe('a function', () => {
  test('is given its payload and answers JSON', async () => {
    const functions = await deploy('return { doubled: event.n * 2, when: undefined, at: new Date(0) };');
    expect(await functions.invoke(ARN, { n: 21 })).toEqual({
      ok: true,
      payload: { doubled: 42, at: '1970-01-01T00:00:00.000Z' },
    });
  });

  test('has the environment of its template, its role’s credentials, and nothing else', async () => {
    const functions = await deploy('return process.env;');

    const outcome = await functions.invoke(ARN, {});

    expect(outcome).toMatchObject({
      payload: {
        DATA_BUCKET: 'lake',
        AWS_ACCESS_KEY_ID: 'role-of-f',
        AWS_SESSION_TOKEN: 'token',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_REGION: 'us-east-1',
      },
    });
    expect(outcome.ok && Object.keys(Object(outcome.payload))).not.toContain('PATH');
  });

  test('that throws has the error’s name as its type', async () => {
    const functions = await deploy(`const e = new Error('nothing landed'); e.name = 'NoLandingUnits'; throw e;`);
    expect(await functions.invoke(ARN, {})).toMatchObject({
      ok: false,
      error: { errorType: 'NoLandingUnits', errorMessage: 'nothing landed' },
    });
  });

  test('that takes too long is ended, and the next invocation finds a fresh one', async () => {
    const functions = await deploy(
      'if (event.hang) await new Promise(() => setInterval(() => 0, 1000)); return 1;',
      0.5,
    );

    const hung = await functions.invoke(ARN, { hang: true });

    expect(hung).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
    expect(await functions.invoke(ARN, {})).toEqual({ ok: true, payload: 1 });
  });

  test('that ends its process fails the invocation', async () => {
    const functions = await deploy('process.exit(3);');
    expect(await functions.invoke(ARN, {})).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
  });

  test('whose bundle cannot be loaded fails each invocation with the reason', async () => {
    const functions = await deploy('} syntax error {');
    expect(await functions.invoke(ARN, {})).toMatchObject({ ok: false, error: { errorType: 'SyntaxError' } });
  });

  test('answers one invocation after the other', async () => {
    const functions = await deploy(
      'globalThis.busy ??= 0; if (globalThis.busy++ > 0) throw new Error("overlap"); await new Promise((r) => setTimeout(r, 20)); globalThis.busy--; return event;',
    );
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => functions.invoke(ARN, n)));
    expect(outcomes).toEqual([1, 2, 3, 4].map((payload) => ({ ok: true, payload })));
  });
});
