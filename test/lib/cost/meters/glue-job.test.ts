import { App, aws_glue, aws_iam, aws_s3, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/cost/json-object.ts';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { bookWithout, boundOf, type CallParts, leavesOf, problemsOf, usdOf } from '../../../support/metered-call.ts';

const ETL = {
  Name: 'ingest',
  GlueVersion: '6.0',
  WorkerType: 'G.1X',
  NumberOfWorkers: 5,
  Timeout: 30,
  Command: { Name: 'glueetl', ScriptLocation: 's3://code/ingest.py' },
  Role: 'arn:aws:iam::1:role/glue',
};
const JOB = 'app/Ingest.Properties';
const TASK = 'app/Machine.States.Work.Arguments';

const runOf = (change: JsonObject = {}, parts: Partial<CallParts> = {}): CallParts => ({
  call: 'glue:startJobRun.sync',
  arguments: { JobName: 'ingest' },
  resources: { Ingest: { type: 'AWS::Glue::Job', properties: { ...ETL, ...change } } },
  ...parts,
});

/** All workers until the timeout, by hand. */
const hours = (dpus: number, minutes: number, pricePerHour: number): number => (dpus * minutes * pricePerHour) / 60;

describe('a Glue job run', () => {
  it.each([
    ['6.0, standard', {}, hours(5, 30, 0.308)],
    ['5.1', { GlueVersion: '5.1' }, hours(5, 30, 0.44)],
    ['5.0', { GlueVersion: '5.0' }, hours(5, 30, 0.44)],
    ['4.0', { GlueVersion: '4.0' }, hours(5, 30, 0.44)],
    ['3.0', { GlueVersion: '3.0' }, hours(5, 30, 0.44)],
    ['2.0', { GlueVersion: '2.0' }, hours(5, 30, 0.44)],
    ['6.0, flex', { ExecutionClass: 'FLEX' }, hours(5, 30, 0.203)],
    ['4.0, flex', { GlueVersion: '4.0', ExecutionClass: 'FLEX' }, hours(5, 30, 0.29)],
    ['G.16X', { WorkerType: 'G.16X', NumberOfWorkers: 3 }, hours(48, 30, 0.308)],
    ['R.4X', { WorkerType: 'R.4X' }, hours(20, 30, 0.364)],
    ['R.8X, 5.1', { WorkerType: 'R.8X', GlueVersion: '5.1' }, hours(40, 30, 0.52)],
    ['number as text', { Timeout: '30', NumberOfWorkers: '5' }, hours(5, 30, 0.308)],
    ['a minute', { Timeout: 1 }, hours(5, 1, 0.308)],
    ['DPUs', { WorkerType: undefined, NumberOfWorkers: undefined, MaxCapacity: 12 }, hours(12, 30, 0.308)],
    ['allocated', { WorkerType: undefined, NumberOfWorkers: undefined, AllocatedCapacity: 4 }, hours(4, 30, 0.308)],
    ['retries of Glue', { MaxRetries: 2 }, 3 * hours(5, 30, 0.308)],
    [
      'queueing and notices',
      { JobRunQueuingEnabled: true, NotificationProperty: { NotifyDelayAfter: 3 } },
      hours(5, 30, 0.308),
    ],
  ])('costs all of its workers until its timeout: %s', (_, change, expected) => {
    expect(usdOf(runOf(change))).toBeCloseTo(expected, 9);
  });

  it.each([
    ['a sixteenth', { MaxCapacity: 0.0625 }, hours(0.0625, 30, 0.44)],
    ['a sixteenth as text', { MaxCapacity: '0.0625' }, hours(0.0625, 30, 0.44)],
    ['one', { MaxCapacity: 1, GlueVersion: undefined }, hours(1, 30, 0.44)],
  ])('prices a Python shell whatever its version: %s', (_, change, expected) => {
    const shell = { Command: { Name: 'pythonshell' }, WorkerType: undefined, NumberOfWorkers: undefined };
    expect(usdOf(runOf({ ...shell, ...change }))).toBeCloseTo(expected, 12);
  });

  it('names the property behind every factor', () => {
    const [leaf] = leavesOf(boundOf(runOf({ WorkerType: 'G.2X' })).node);

    expect(leaf?.item).toBe('glue.etl.standard.v6_0');
    expect(leaf?.at).toBe(`${JOB}.Timeout`);
    expect(leaf?.itemAt).toBe(`${JOB}.GlueVersion`);
    expect(leaf?.divisor).toBe(3_600n);
    expect(leaf?.factors.map(({ at, quantity }) => [at, quantity])).toEqual([
      [`${JOB}.NumberOfWorkers`, 5n],
      [`${JOB}.WorkerType`, 2n],
      [`${JOB}.Timeout`, 1_800n],
    ]);
  });

  it('is found by its reference, its SDK name and in any partition', () => {
    const byReference = { arguments: { JobName: '@{app/Ingest}' } };
    expect(usdOf(runOf({}, byReference))).toBeCloseTo(0.77, 9);
    expect(usdOf(runOf({}, { call: 'aws-sdk:glue:startJobRun' }))).toBeCloseTo(0.77, 9);
    expect(usdOf(runOf({}, { call: 'arn:@{AWS::Partition}:states:::glue:startJobRun.sync' }))).toBeCloseTo(0.77, 9);
  });

  it('takes what its task sets in place of what the job sets', () => {
    const override = {
      JobName: 'ingest',
      Timeout: 60,
      NumberOfWorkers: 2,
      WorkerType: 'R.2X',
      ExecutionClass: 'STANDARD',
    };
    const [leaf] = leavesOf(boundOf(runOf({}, { arguments: override })).node);

    expect(usdOf(runOf({}, { arguments: override }))).toBeCloseTo(hours(4, 60, 0.364), 9);
    expect(leaf?.factors.map(({ at }) => at)).toEqual([
      `${TASK}.NumberOfWorkers`,
      `${TASK}.WorkerType`,
      `${TASK}.Timeout`,
    ]);
  });

  it('is refused where its name is that of several jobs', () => {
    const job = (workers: number) => ({ type: 'AWS::Glue::Job', properties: { ...ETL, NumberOfWorkers: workers } });
    const resources = { Small: job(2), Large: job(100) };

    expect(problemsOf(runOf({}, { resources }))).toEqual([`unmetered-call ${TASK}.JobName`]);
    expect(usdOf(runOf({}, { resources, arguments: { JobName: '@{app/Large}' } }))).toBeCloseTo(
      hours(100, 30, 0.308),
      9,
    );
  });

  it('is not bounded by the older name of what its task sets under the newer one', () => {
    const job = { WorkerType: undefined, NumberOfWorkers: undefined, AllocatedCapacity: 2 };
    const override = { JobName: 'ingest', MaxCapacity: 100 };

    expect(problemsOf(runOf(job, { arguments: override }))).toEqual([`unmetered-option ${JOB}.AllocatedCapacity`]);
  });

  it('counts the dearest of what the job and the task can be', () => {
    const variants = [ETL, { ...ETL, NumberOfWorkers: 9, Timeout: 10 }, { ...ETL, NumberOfWorkers: 8 }];
    const resources = { Ingest: { type: 'AWS::Glue::Job', properties: ETL, variants } };
    const runs = [{ JobName: 'ingest' }, { JobName: 'ingest', Timeout: 45 }, { JobName: 'ingest', Timeout: 1 }];

    expect(usdOf(runOf({}, { resources, arguments: runs }))).toBeCloseTo(hours(9, 45, 0.308), 9);
  });

  it.each([
    ['no timeout', { Timeout: undefined }, 'missing-limit', `${JOB}.Timeout`],
    ['a timeout above seven days', { Timeout: 10_081 }, 'malformed-template', `${JOB}.Timeout`],
    ['a timeout of half a minute', { Timeout: 0.5 }, 'malformed-template', `${JOB}.Timeout`],
    [
      'a timeout of a parameter',
      { Timeout: unresolved('deployment', 'decided by Minutes') },
      'deploy-time-limit',
      `${JOB}.Timeout`,
    ],
    [
      'a timeout that cannot be read',
      { Timeout: unresolved('input', 'made by Fn::New') },
      'unknown-intrinsic',
      `${JOB}.Timeout`,
    ],
    ['no number of workers', { NumberOfWorkers: undefined }, 'missing-limit', `${JOB}.NumberOfWorkers`],
    ['no worker type', { WorkerType: undefined }, 'missing-limit', `${JOB}.WorkerType`],
    [
      'neither workers nor DPUs',
      { WorkerType: undefined, NumberOfWorkers: undefined },
      'missing-limit',
      `${JOB}.MaxCapacity`,
    ],
    ['both workers and DPUs', { MaxCapacity: 10 }, 'unmetered-option', `${JOB}.MaxCapacity`],
    [
      'both names of the capacity',
      { WorkerType: undefined, NumberOfWorkers: undefined, AllocatedCapacity: 2, MaxCapacity: 100 },
      'unmetered-option',
      `${JOB}.AllocatedCapacity`,
    ],
    ['a worker of unknown size', { WorkerType: 'G.99X' }, 'unmetered-option', `${JOB}.WorkerType`],
    ['a streaming worker', { WorkerType: 'G.025X' }, 'unmetered-option', `${JOB}.WorkerType`],
    ['no version', { GlueVersion: undefined }, 'unpinned-version', `${JOB}.GlueVersion`],
    ['an automatic version', { GlueVersion: 'auto' }, 'unpinned-version', `${JOB}.GlueVersion`],
    [
      'a version of a parameter',
      { GlueVersion: unresolved('deployment', 'decided by V') },
      'deploy-time-limit',
      `${JOB}.GlueVersion`,
    ],
    ['a version billed by ten minutes', { GlueVersion: '1.0' }, 'unmetered-option', `${JOB}.GlueVersion`],
    ['a future version', { GlueVersion: '7.0' }, 'unmetered-option', `${JOB}.GlueVersion`],
    [
      'flex of memory-optimized workers',
      { WorkerType: 'R.1X', ExecutionClass: 'FLEX' },
      'unmetered-option',
      `${JOB}.ExecutionClass`,
    ],
    ['flex before 3.0', { GlueVersion: '2.0', ExecutionClass: 'FLEX' }, 'unmetered-option', `${JOB}.ExecutionClass`],
    ['an unknown class', { ExecutionClass: 'CHEAP' }, 'malformed-template', `${JOB}.ExecutionClass`],
    ['streaming', { Command: { Name: 'gluestreaming' } }, 'unmetered-option', `${JOB}.Command.Name`],
    ['Ray', { Command: { Name: 'glueray' } }, 'unmetered-option', `${JOB}.Command.Name`],
    ['an option of the future', { Turbo: true }, 'unmetered-option', `${JOB}.Turbo`],
    [
      'retries of a parameter',
      { MaxRetries: unresolved('deployment', 'decided by N') },
      'deploy-time-limit',
      `${JOB}.MaxRetries`,
    ],
  ])('is refused with %s', (_, change, code, at) => {
    expect(problemsOf(runOf(change))).toEqual([`${code} ${at}`]);
  });

  it.each([
    ['Timeout', { Timeout: unresolved('run', 'decided by the input') }],
    ['NumberOfWorkers', { NumberOfWorkers: unresolved('run', 'decided by the input') }],
    ['WorkerType', { WorkerType: unresolved('run', 'decided by the input') }],
    ['ExecutionClass', { ExecutionClass: unresolved('run', 'decided by the input') }],
  ])('is refused where data of the run overrides its %s', (field, override) => {
    const run = runOf({}, { arguments: { JobName: 'ingest', ...override } });
    expect(problemsOf(run)).toEqual([`overridden-limit ${TASK}.${field}`]);
  });

  it('is refused where a run repeats an earlier one, or the job is not known', () => {
    expect(problemsOf(runOf({}, { arguments: { JobName: 'ingest', JobRunId: 'jr_1' } }))).toEqual([
      `unmetered-option ${TASK}.JobRunId`,
    ]);
    expect(problemsOf(runOf({}, { arguments: { JobName: 'other' } }))).toEqual([`unmetered-call ${TASK}.JobName`]);
    expect(problemsOf(runOf({}, { arguments: {} }))).toEqual([`unmetered-call ${TASK}.JobName`]);
    const name = unresolved('run', 'decided by the input');
    expect(problemsOf(runOf({}, { arguments: { JobName: name } }))).toEqual([`run-time-limit ${TASK}.JobName`]);
    expect(problemsOf(runOf({}, { arguments: name }))).toEqual([`run-time-limit ${TASK}.JobName`]);
  });

  it('is refused where Glue and the state machine both retry', () => {
    expect(problemsOf(runOf({ MaxRetries: 1 }, { retries: 2 }))).toEqual([`composed-retries ${JOB}.MaxRetries`]);
    expect(problemsOf(runOf({ MaxRetries: 0 }, { retries: 2 }))).toEqual([]);
  });

  it('says everything that is wrong at once, once for each place, prices too', () => {
    const parts = runOf(
      { Timeout: undefined, MaxRetries: 1, Turbo: 1 },
      {
        retries: 1,
        book: bookWithout('glue.etl.standard.v6_0'),
        arguments: [{ JobName: 'ingest' }, { JobName: '@{app/Ingest}' }],
      },
    );
    expect(problemsOf(parts)).toEqual([
      `missing-limit ${JOB}.Timeout`,
      `missing-price ${JOB}.GlueVersion`,
      `unmetered-option ${JOB}.Turbo`,
      `composed-retries ${JOB}.MaxRetries`,
    ]);
  });

  it.each([
    ['4.0', 2_880, 0.44],
    ['5.0', 480, 0.44],
    ['5.1', 480, 0.44],
    ['6.0', 480, 0.308],
  ])('may rely on the default timeout of Glue %s where that is accepted: %d min', (GlueVersion, minutes, price) => {
    const run = runOf({ GlueVersion, Timeout: undefined }, { accepted: ['service-defaults'] });
    expect(usdOf(run)).toBeCloseTo(hours(5, minutes, price), 9);
  });

  it('may rely on the default capacity where that is accepted: 10 DPUs, or a sixteenth for a shell', () => {
    const bare = { WorkerType: undefined, NumberOfWorkers: undefined };
    const accepted = ['service-defaults'] as const;
    expect(usdOf(runOf(bare, { accepted }))).toBeCloseTo(hours(10, 30, 0.308), 9);
    const shell = { ...bare, Command: { Name: 'pythonshell' } };
    expect(usdOf(runOf(shell, { accepted }))).toBeCloseTo(hours(0.0625, 30, 0.44), 12);
    expect(problemsOf(runOf(shell))).toEqual([`missing-limit ${JOB}.MaxCapacity`]);
    expect(problemsOf(runOf({ ...shell, MaxCapacity: 2 }))).toEqual([`malformed-template ${JOB}.MaxCapacity`]);
  });

  it('bounds the bare default of the CDK at $211.20, and only where the defaults of AWS are accepted', () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Bare');
    new aws_glue.PySparkEtlJob(stack, 'Job', {
      role: aws_iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::000000000000:role/glue'),
      script: aws_glue.Code.fromBucket(aws_s3.Bucket.fromBucketName(stack, 'Scripts', 'scripts'), 'job.py'),
    });
    const template: unknown = app.synth().getStackByName('Bare').template;
    const read = readTemplates([{ stack: 'app', template }], { region: 'us-east-1', parameters: {} });
    const templates = must(read.value, 'templates');
    const { address } = must(
      templates.resources.find(({ type }) => type === 'AWS::Glue::Job'),
      'a job',
    );
    const bare: CallParts = { call: 'glue:startJobRun.sync', arguments: { JobName: `@{${address}}` }, templates };

    expect(problemsOf(bare)).toEqual([`missing-limit ${address}.Properties.Timeout`]);
    expect(usdOf({ ...bare, accepted: ['service-defaults'] })).toBe(211.2);
  });
});
