import { access, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { DeployedGlueJob } from '../../../local/assembly/deployment.ts';
import { GlueRuns } from '../../../local/jobs/glue-runs.ts';
import { ADMINISTRATOR, allow, roleOf } from '../../support/local-endpoint.ts';
import { jobBench } from '../../support/local-jobs.ts';
import { isAlive } from '../../support/processes.ts';

const JOB: DeployedGlueJob = {
  name: 'ingest',
  roleArn: ADMINISTRATOR.arn,
  scriptUri: 's3://assets/script.py',
  defaultArguments: { '--extra-py-files': 's3://assets/code.zip', '--mode': 'default', '--job-language': 'python' },
  timeoutMinutes: 10,
  concurrentRuns: 2,
  workerType: 'G.1X',
  numberOfWorkers: 5,
  glueVersion: '6.0',
};

const run = (args: Readonly<Record<string, string>>) => ({
  JobName: 'ingest',
  Arguments: { '--execution': 'e', ...args },
});

describe('a run', () => {
  test('is the script with its arguments, the archive importable, and objects as files', async () => {
    const bench = await jobBench();
    await bench.putObject('raw/in.txt', 'hello');
    await bench.writeAsset('code/greeting.py', 'def shout(text): return text.upper()\n');
    await bench.writeAsset(
      'script.py',
      `import os, sys
from greeting import shout
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
root = os.environ['HUNDREDFOLD_OBJECT_ROOT']
text = open(os.path.join(root, arguments['--inputs'].removeprefix('s3://'))).read()
os.makedirs(os.path.join(root, 'lake/out'))
open(os.path.join(root, 'lake/out/result'), 'w').write(shout(text) + arguments['--mode'] + arguments['--JOB_NAME'])
print('half done')
`,
    );
    const runs = new GlueRuns(bench.shell, [JOB]);

    const started = await runs.start(
      run({ '--inputs': 's3://lake/raw/in.txt', '--output': 's3://lake/out/', '--mode': 'given' }),
    );
    const ended = await runs.ended(started);

    expect(ended).toMatchObject({ JobRunState: 'SUCCEEDED', NumberOfWorkers: 5, Timeout: 10, GlueVersion: '6.0' });
    expect(await readFile(bench.shell.objects.pathOf('lake', 'out/result'), 'utf8')).toBe('HELLOgiveningest');
    expect(bench.notices.map(({ kind }) => kind)).toEqual(['job-started', 'job-progress', 'job-ended']);
    const [{ log = '' } = {}] = bench.notices.flatMap((notice) => (notice.kind === 'job-started' ? [notice] : []));
    expect(await readFile(log, 'utf8')).toBe('half done\n');
    expect(await new GlueRuns(bench.shell, [JOB]).list('ingest')).toEqual([ended]);
  });

  test('that exits with an error has failed, with the sentence that the script said', async () => {
    const bench = await jobBench();
    await bench.writeAsset('script.py', `import sys\nsys.exit('ERROR HEADER_CHANGED: day differs')\n`);
    const runs = new GlueRuns(bench.shell, [JOB]);

    const ended = await runs.ended(await runs.start(run({})));

    expect(ended).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: 'ERROR HEADER_CHANGED: day differs (exit code 1)',
    });
  });

  test('sees nothing of the shell’s own environment', async () => {
    const bench = await jobBench();
    await bench.writeAsset('script.py', `import os, sys\nsys.exit(1 if 'VITEST' in os.environ else 0)\n`);
    const runs = new GlueRuns(bench.shell, [JOB]);
    expect(await runs.ended(await runs.start(run({})))).toMatchObject({ JobRunState: 'SUCCEEDED' });
  });

  test('that is stopped takes its children with it', async () => {
    const bench = await jobBench();
    await bench.writeAsset(
      'script.py',
      `import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
print(child.pid, flush=True)
time.sleep(600)
`,
    );
    const runs = new GlueRuns(bench.shell, [JOB]);
    const started = await runs.start(run({}));
    while (!bench.notices.some(({ kind }) => kind === 'job-progress')) await sleep(20);

    await runs.stopAll();

    expect(await runs.ended(started)).toMatchObject({ JobRunState: 'STOPPED' });
    const [pid = 0] = bench.notices.flatMap((notice) => (notice.kind === 'job-progress' ? [Number(notice.line)] : []));
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('is cut off at the job’s timeout', async () => {
    const bench = await jobBench();
    await bench.writeAsset('script.py', 'import time\ntime.sleep(600)\n');
    const runs = new GlueRuns(bench.shell, [{ ...JOB, timeoutMinutes: 0.005 }]);
    expect(await runs.ended(await runs.start(run({})))).toMatchObject({ JobRunState: 'TIMEOUT' });
  });

  test('does not start beyond the job’s concurrent runs', async () => {
    const bench = await jobBench();
    await bench.writeAsset('script.py', 'import time\ntime.sleep(600)\n');
    const runs = new GlueRuns(bench.shell, [JOB]);
    await runs.start(run({}));
    await runs.start(run({}));

    await expect(runs.start(run({}))).rejects.toMatchObject({ code: 'ConcurrentRunsExceededException' });

    await runs.stopAll();
  });

  test('cannot change what costs money', async () => {
    const bench = await jobBench();
    const runs = new GlueRuns(bench.shell, [JOB]);
    await expect(runs.start({ ...run({}), NumberOfWorkers: 100 })).rejects.toThrow('NumberOfWorkers');
  });
});

describe('places', () => {
  const narrow = roleOf(
    'narrow',
    allow('s3:GetObject', 'arn:aws:s3:::assets/*'),
    allow('s3:PutObject', 'arn:aws:s3:::lake/curated/*'),
  );

  test.each([
    ['reads', { '--inputs': 's3://lake/raw/x.json' }, 's3:GetObject', 'lake/raw/x.json'],
    ['writes', { '--output': 's3://lake/models/' }, 's3:PutObject', 'lake/models/'],
    ['writes by bucket and prefix', { '--bucket': 'lake', '--prefix': 'models/' }, 's3:PutObject', 'lake/models/'],
  ])('that the role may not have fail the run before it starts: %s', async (_, args, action, place) => {
    const bench = await jobBench({ roles: [narrow] });
    await bench.writeAsset('script.py', `open('started', 'w')\n`);
    const runs = new GlueRuns(bench.shell, [{ ...JOB, roleArn: narrow.arn }]);

    const ended = await runs.ended(await runs.start(run(args)));

    expect(ended['JobRunState']).toBe('FAILED');
    expect(ended['ErrorMessage']).toContain(`not authorized to perform: ${action} on resource: arn:aws:s3:::${place}`);
    await expect(access(`${bench.shell.state.root}/started`)).rejects.toThrow('ENOENT');
  });
});

test('runs of a shell that was killed are stopped by the next one', async () => {
  const bench = await jobBench();
  await bench.writeAsset('script.py', 'import time\ntime.sleep(600)\n');
  const killed = new GlueRuns(bench.shell, [JOB]);
  await killed.start(run({}));

  const next = new GlueRuns(bench.shell, [JOB]);
  await next.settleLostRuns();

  expect(await next.list('ingest')).toMatchObject([{ JobRunState: 'STOPPED' }]);
  await killed.stopAll();
});
