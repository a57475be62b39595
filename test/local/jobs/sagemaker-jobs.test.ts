import { execFileSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { processingKind } from '../../../local/jobs/sagemaker/processing-kind.ts';
import { SageMakerJobs } from '../../../local/jobs/sagemaker/sagemaker-jobs.ts';
import { trainingKind } from '../../../local/jobs/sagemaker/training-kind.ts';
import { ADMINISTRATOR, allow, roleOf } from '../../support/local-endpoint.ts';
import { type JobBench, jobBench } from '../../support/local-jobs.ts';

const channel = (name: string, uri: string) => ({
  ChannelName: name,
  DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } },
});

const trainingJob = (name: string, more: object = {}) => ({
  TrainingJobName: name,
  AlgorithmSpecification: {
    TrainingInputMode: 'File',
    ContainerEntrypoint: ['python3', '/opt/ml/input/data/code/code.zip', 'train'],
  },
  HyperParameters: { eta: '0.1' },
  InputDataConfig: [channel('train', 's3://lake/sets/train/'), channel('code', 's3://assets/code.zip')],
  OutputDataConfig: { S3OutputPath: 's3://lake/models' },
  CheckpointConfig: { S3Uri: 's3://lake/checkpoints/t0/', LocalPath: '/opt/ml/checkpoints' },
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
  StoppingCondition: { MaxRuntimeInSeconds: 600 },
  RoleArn: ADMINISTRATOR.arn,
  Tags: [{ Key: 'Execution', Value: 'e' }],
  ...more,
});

/** A bench whose container runs the program. */
async function trainingBench(program: string, options: Parameters<typeof jobBench>[0] = {}): Promise<JobBench> {
  const bench = await jobBench(options);
  await bench.putObject('sets/train/day=1/part.parquet', 'rows');
  await bench.writeAsset(
    'code/__main__.py',
    `import json, os, pathlib, signal, sys, time\nbase = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'])\n${program}`,
  );
  return bench;
}

const readLake = (bench: JobBench, key: string): Promise<string> =>
  readFile(bench.shell.objects.pathOf('lake', key), 'utf8');

async function train(bench: JobBench, job: ReturnType<typeof trainingJob>) {
  const jobs = new SageMakerJobs(bench.shell, trainingKind);
  await jobs.create(job);
  return jobs.ended(job.TrainingJobName);
}

describe('a training job', () => {
  test('finds its channels and settings, and leaves its model and its outputs', async () => {
    const bench = await trainingBench(`
assert sys.argv[1:] == ['train'], sys.argv
data = (base / 'input/data/train/day=1/part.parquet')
assert data.resolve().is_relative_to(base), 'inputs look downloaded'
settings = json.loads((base / 'input/config/hyperparameters.json').read_text())
assert json.loads((base / 'input/config/resourceconfig.json').read_text())['hosts'] == ['algo-1']
assert set(json.loads((base / 'input/config/inputdataconfig.json').read_text())) == {'train', 'code'}
(base / 'model/xgboost-model').write_text(data.read_text() + settings['eta'])
(base / 'output/data/metrics.json').write_text('{}')
`);

    const ended = await train(bench, trainingJob('job-1'));

    expect(ended).toMatchObject({
      TrainingJobStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://lake/models/job-1/output/model.tar.gz' },
      BillableTimeInSeconds: 1,
    });
    const model = bench.shell.objects.pathOf('lake', 'models/job-1/output/model.tar.gz');
    expect(execFileSync('tar', ['-xOzf', model, 'xgboost-model'], { encoding: 'utf8' })).toBe('rows0.1');
    const output = bench.shell.objects.pathOf('lake', 'models/job-1/output/output.tar.gz');
    expect(execFileSync('tar', ['-tzf', output], { encoding: 'utf8' })).toBe('metrics.json\n');
    await expect(stat(`${bench.shell.state.sagemaker}/job-1`)).rejects.toThrow('ENOENT');
  });

  test('that fails says why in its own words, and leaves no model', async () => {
    const bench = await trainingBench(`
(base / 'model/xgboost-model').write_text('half')
(base / 'output/failure').write_text('no rows')
sys.exit(3)
`);

    const ended = await train(bench, trainingJob('job-1'));

    expect(ended).toMatchObject({
      TrainingJobStatus: 'Failed',
      FailureReason: 'AlgorithmError: no rows, exit code: 3',
    });
    expect(await bench.shell.objects.listKeys('lake', 'models/')).toEqual([]);
  });

  test('goes on from the checkpoints of an earlier one, which were stored while it ran', async () => {
    const program = `
checkpoints = sorted(path.name for path in (base / 'checkpoints').iterdir())
(base / 'output/data/found').write_text(','.join(checkpoints))
if not checkpoints:
    (base / 'checkpoints/segment-1').write_text('1')
    time.sleep(1.2)
    os.kill(os.getpid(), signal.SIGKILL)
(base / 'checkpoints/segment-1').unlink()
(base / 'checkpoints/segment-2').write_text('2')
`;
    const bench = await trainingBench(program);

    const killed = await train(bench, trainingJob('job-1'));
    const resumed = await train(bench, trainingJob('job-2'));

    expect(killed).toMatchObject({ TrainingJobStatus: 'Failed' });
    expect(resumed).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(await bench.shell.objects.listKeys('lake', 'checkpoints/')).toEqual(['checkpoints/t0/segment-2']);
    expect(await readLake(bench, 'checkpoints/t0/segment-2')).toBe('2');
  });

  test('that is stopped is told first, and what it then leaves is kept', async () => {
    const bench = await trainingBench(`
def leave(*_):
    (base / 'checkpoints/last').write_text('saved')
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print('ready', flush=True)
time.sleep(600)
`);
    const jobs = new SageMakerJobs(bench.shell, trainingKind);
    await jobs.create(trainingJob('job-1'));
    while (!bench.notices.some(({ kind }) => kind === 'job-progress')) await sleep(20);

    await jobs.stop('job-1');

    expect(await jobs.ended('job-1')).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'Stopped' });
    expect(await readLake(bench, 'checkpoints/t0/last')).toBe('saved');
  });

  test('is stopped at its stopping condition', async () => {
    const bench = await trainingBench('time.sleep(600)\n');
    const ended = await train(bench, trainingJob('job-1', { StoppingCondition: { MaxRuntimeInSeconds: 0.5 } }));
    expect(ended).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  test('makes the same archive of the same files, whenever and in whatever order they were written', async () => {
    const bench = await trainingBench(`
names = ['b', 'a'] if (base / 'checkpoints/again').exists() else ['a', 'b']
for name in names:
    (base / 'model' / name).write_text(name * 2000)
    time.sleep(0.02)
(base / 'checkpoints/again').write_text('')
`);

    await train(bench, trainingJob('job-1'));
    await train(bench, trainingJob('job-2'));

    const [first, second] = await Promise.all(
      ['job-1', 'job-2'].map((job) => bench.shell.objects.head('lake', `models/${job}/output/model.tar.gz`)),
    );
    expect(first?.etag).toBe(second?.etag);
  });

  test.each([
    ['a name that is taken', trainingJob('taken'), 'already exists'],
    ['an unknown parameter', trainingJob('x', { WarmPool: {} }), 'WarmPool'],
    ['a name that SageMaker refuses', trainingJob('-x'), 'no job name'],
  ])('is refused: %s', async (_, job, message) => {
    const bench = await trainingBench('');
    const jobs = new SageMakerJobs(bench.shell, trainingKind);
    await jobs.create(trainingJob('taken'));
    await jobs.ended('taken');
    await expect(jobs.create(job)).rejects.toThrow(message);
  });

  test('without input, or with a prefix that its role may not read, fails', async () => {
    const narrow = roleOf('narrow', allow('s3:GetObject', 'arn:aws:s3:::assets/*'));
    const bench = await trainingBench('', { roles: [narrow] });

    const empty = await train(bench, trainingJob('empty', { InputDataConfig: [channel('train', 's3://lake/none/')] }));
    const denied = await train(bench, trainingJob('denied', { RoleArn: narrow.arn }));

    expect(empty['FailureReason']).toContain('no S3 objects found under s3://lake/none/');
    expect(denied['FailureReason']).toContain('role/narrow is not authorized to perform: s3:GetObject');
  });
});

test('as many training jobs run at once as there are cores', async () => {
  const bench = await trainingBench(
    `
started = time.time()
time.sleep(0.3)
(base / 'model/m').write_text('x')
print(json.dumps([started, time.time()]), flush=True)
`,
    { cores: 4 },
  );
  const jobs = new SageMakerJobs(bench.shell, trainingKind);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];

  for (const name of names) await jobs.create(trainingJob(name, { CheckpointConfig: undefined }));
  await Promise.all(names.map((name) => jobs.ended(name)));

  const spans = bench.notices.flatMap((notice) => (notice.kind === 'job-progress' ? [JSON.parse(notice.line)] : []));
  expect(spans).toHaveLength(6);
  for (const [start] of spans) {
    const overlapping = spans.filter(([from, to]) => from <= start && start < to);
    expect(overlapping.length).toBeLessThanOrEqual(4);
  }
});

test('one training job alone has all cores', async () => {
  const bench = await trainingBench(`print(os.environ['SM_NUM_CPUS'], flush=True)\n`, { cores: 4 });
  await train(bench, trainingJob('alone'));
  expect(bench.notices).toContainEqual(expect.objectContaining({ kind: 'job-progress', line: '4' }));
});

describe('a processing job', () => {
  const input = (name: string, uri: string, type: string) => ({
    InputName: name,
    S3Input: { S3Uri: uri, LocalPath: `/opt/ml/processing/input/${name}`, S3DataType: type },
  });

  test('has its inputs, by prefix, by key and by manifest, and its outputs are uploaded', async () => {
    const bench = await jobBench();
    await bench.putObject('sets/test/day=1/part', 'test rows');
    await bench.putObject('evaluations/inputs.json', '{"k":1}');
    await bench.putObject('models/t0/output/model.tar.gz', 'archive');
    await bench.putObject(
      'evaluations/contenders',
      JSON.stringify([{ prefix: 's3://lake/models/' }, 't0/output/model.tar.gz']),
    );
    await bench.writeAsset(
      'code/__main__.py',
      `import os, pathlib, sys
root = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR']) / 'processing'
parts = ['test/day=1/part', 'inputs/inputs.json', 'contenders/t0/output/model.tar.gz']
(root / 'output/report.json').write_text('|'.join((root / 'input' / part).read_text() for part in parts))
`,
    );
    const jobs = new SageMakerJobs(bench.shell, processingKind);

    await jobs.create({
      ProcessingJobName: 'eval',
      AppSpecification: { ContainerEntrypoint: ['python3', '/opt/ml/processing/input/code/code.zip', 'evaluate'] },
      ProcessingInputs: [
        input('code', 's3://assets/code.zip', 'S3Prefix'),
        input('test', 's3://lake/sets/test/', 'S3Prefix'),
        input('inputs', 's3://lake/evaluations/inputs.json', 'S3Prefix'),
        input('contenders', 's3://lake/evaluations/contenders', 'ManifestFile'),
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'report',
            S3Output: {
              S3Uri: 's3://lake/evaluations/a1',
              LocalPath: '/opt/ml/processing/output',
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
      },
      RoleArn: ADMINISTRATOR.arn,
    });

    expect(await jobs.ended('eval')).toMatchObject({ ProcessingJobStatus: 'Completed' });
    expect(await readLake(bench, 'evaluations/a1/report.json')).toBe('test rows|{"k":1}|archive');
  });
});
