import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockStateDirectory } from '../../../local/state/lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a state directory is held by one process at a time', async () => {
  const path = join(await temporaryFolder(), '.hundredfold/lock');
  const lock = await lockStateDirectory(path);

  await expect(lockStateDirectory(path)).rejects.toMatchObject({
    code: 'state-directory-in-use',
    message: expect.stringContaining(`process ${process.pid}`),
  });

  await lock.release();
  await (await lockStateDirectory(path)).release();
});

test.each([
  ['whose process is gone', () => String(spawnSync('true').pid)],
  ['that was cut off while it was written', () => ''],
])('a lock %s is taken over', async (_, content) => {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(path, content());

  const lock = await lockStateDirectory(path);

  await expect(lockStateDirectory(path)).rejects.toThrow('state directory in use');
  await lock.release();
});

test('of many that find the lock of a process that is gone, exactly one takes it', async () => {
  const path = join(await temporaryFolder(), 'lock');
  for (let round = 0; round < 30; round += 1) {
    await writeFile(path, String(spawnSync('true').pid));

    const racers = await Promise.allSettled(Array.from({ length: 16 }, () => lockStateDirectory(path)));
    const holders = racers.flatMap((racer) => (racer.status === 'fulfilled' ? [racer.value] : []));

    expect(holders).toHaveLength(1);
    await holders[0]?.release();
  }
});
