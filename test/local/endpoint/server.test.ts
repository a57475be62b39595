import { open, readdir } from 'node:fs/promises';
import { Server } from 'node:net';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test, vi } from 'vitest';
import { isDiskFull } from '../../../local/disk-full.ts';
import { AccessControl } from '../../../local/endpoint/access.ts';
import { EtagCache } from '../../../local/endpoint/s3/etags.ts';
import { ObjectFiles } from '../../../local/endpoint/s3/object-files.ts';
import { startEndpoint } from '../../../local/endpoint/server.ts';
import { stateDirectory } from '../../../local/state/state-directory.ts';
import { ADMINISTRATOR, SESSION_TOKEN } from '../../support/local-endpoint.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

afterEach(() => vi.restoreAllMocks());

const systemError = (code: string): Error => Object.assign(new Error(`${code}: the system says no`), { code });

/** An endpoint over a fresh folder, with what broke inside it. */
async function endpoint() {
  const state = stateDirectory(await temporaryFolder());
  const etags = new EtagCache(state.etags);
  const files = new ObjectFiles({ root: state.objects, temporary: state.temporary, etags });
  const access = new AccessControl([ADMINISTRATOR], [{ name: 'lake', keyArn: null }]);
  const faults: unknown[] = [];
  const { url, close } = await startEndpoint({
    objects: { files, access },
    json: {},
    sessionToken: SESSION_TOKEN,
    onFault: (error) => faults.push(error),
  });
  const credentials = { accessKeyId: ADMINISTRATOR.name, secretAccessKey: 'local', sessionToken: SESSION_TOKEN };
  const s3 = new S3Client({ endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials });
  return { state, faults, s3, close };
}

const manifest = new PutObjectCommand({ Bucket: 'lake', Key: 'manifest.json', Body: '{}', IfNoneMatch: '*' });

test('an object that a full disk cuts off does not exist, and the same write succeeds once there is space', async () => {
  const { state, faults, s3, close } = await endpoint();
  const handle = await open(import.meta.filename);
  const write = vi.spyOn(Object.getPrototypeOf(handle), 'writeFile').mockRejectedValue(systemError('ENOSPC'));
  await handle.close();

  await expect(s3.send(manifest)).rejects.toMatchObject({ message: expect.stringContaining('ENOSPC') });

  expect(faults.map(isDiskFull)).toEqual([true]);
  expect(await readdir(state.root, { recursive: true })).toEqual(['tmp']);
  write.mockRestore();
  await s3.send(manifest);
  expect(await readdir(join(state.objects, 'lake'))).toEqual(['manifest.json']);
  await close();
});

test.each(['EADDRINUSE', 'EACCES'])('an endpoint that cannot listen (%s) says what to do', async (code) => {
  vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    queueMicrotask(() => this.emit('error', systemError(code)));
    return this;
  });

  await expect(endpoint()).rejects.toMatchObject({
    code: 'endpoint-unavailable',
    message: expect.stringContaining(code),
    resolution: expect.stringContaining('end programs that hold its ports'),
  });
});
