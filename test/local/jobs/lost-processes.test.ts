import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { must } from '../../../lib/errors/fault.ts';
import { ProcessLedger } from '../../../local/jobs/lost-processes.ts';
import { isAlive } from '../../support/processes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A process that leads a group with a child in it, as a job's does; gives both numbers. */
async function group(): Promise<readonly [number, number]> {
  const leader = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], { detached: true });
  onTestFinished(async () => {
    if (leader.exitCode !== null || leader.signalCode !== null) return;
    process.kill(-must(leader.pid, 'a process'), 'SIGKILL');
    await once(leader, 'exit');
  });
  const [line] = await once(leader.stdout, 'data');
  return [must(leader.pid, 'a process'), Number(String(line))];
}

test('what a killed shell left running is ended by the next one, with its children', async () => {
  const folder = join(await temporaryFolder(), 'processes');
  const [leader, child] = await group();
  await new ProcessLedger(folder).add(leader);

  await new ProcessLedger(folder).endLostProcesses();

  await expect.poll(() => isAlive(leader) || isAlive(child)).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

test('a process that only has the number of an earlier one is left alone', async () => {
  const folder = await temporaryFolder();
  const [leader, child] = await group();
  await writeFile(join(folder, String(leader)), 'Mon Jan  1 00:00:00 2001');

  await new ProcessLedger(folder).endLostProcesses();

  expect([isAlive(leader), isAlive(child)]).toEqual([true, true]);
  expect(await readdir(folder)).toEqual([]);
});
