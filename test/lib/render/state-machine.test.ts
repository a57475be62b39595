import { describe, expect, it } from 'vitest';
import { readStateMachine } from '../../../lib/asl/reader.ts';
import type { State, TaskState } from '../../../lib/asl/state-machine.ts';
import { must } from '../../../lib/errors/fault.ts';
import { renderStateMachine } from '../../../lib/render/state-machine.ts';
import { jobNameStem, readJobName } from '../../../lib/runs/job-names.ts';
import { evaluated } from '../../support/jsonata-expression.ts';
import { RESOURCE_NAMES, WORKFLOW_PLAN } from '../../support/workflow-plan.ts';

const MACHINE = renderStateMachine(WORKFLOW_PLAN, RESOURCE_NAMES);
const EXECUTION = '2001-07-01T08-00-00Z-0';

/** Every state by its name, those of the Map's iterations included. */
function allStates(states: Readonly<Record<string, State>>): readonly (readonly [string, State])[] {
  return Object.entries(states).flatMap(([name, state]) =>
    state.Type === 'Map'
      ? [[name, state] as const, ...allStates(state.ItemProcessor.States)]
      : [[name, state] as const],
  );
}

const STATES = new Map(allStates(MACHINE.States));

function task(name: string): TaskState {
  const state = must(STATES.get(name), `the state ${name}`);
  if (state.Type !== 'Task') throw new Error(`${name} is a ${state.Type}`);
  return state;
}

const TASKS = [...STATES].filter((entry): entry is [string, TaskState] => entry[1].Type === 'Task');
const JOBS = TASKS.filter(([, { Resource }]) => Resource.endsWith('.sync'));

const states = (more: object = {}) => ({
  context: {
    Execution: { Name: EXECUTION, Input: { engine: 'spark' } },
    State: { RetryCount: 1 },
  },
  input: { index: 2, prefix: 'models/flight-delays/trials/aa/', checkpoints: 'models/flight-delays/checkpoints/aa/' },
  ...more,
});

/** Stands for SHA-256: shows what is hashed. */
const hash = (text: string): string => Buffer.from(text).toString('hex');

const resultOf = (expression: unknown, variables: object = {}): Promise<unknown> =>
  evaluated(String(expression), { states: states(), hash, ...variables });

describe('renderStateMachine', () => {
  it('gives a definition that the reader accepts', () => {
    expect(readStateMachine(JSON.parse(JSON.stringify(MACHINE)))).toMatchObject({ diagnostics: [] });
  });

  it('has the states of the design, in their order', () => {
    const walk = (name: string, seen: readonly string[]): readonly string[] => {
      if (seen.includes(name)) return seen;
      const state = must(MACHINE.States[name], name);
      const chosen = state.Type === 'Choice' ? [...state.Choices.map((rule) => rule.Next), state.Default] : [];
      const successors = [...chosen, 'Next' in state ? state.Next : undefined].filter((next) => next !== undefined);
      return successors.reduce<readonly string[]>((found, successor) => walk(successor, found), [...seen, name]);
    };

    expect(new Set(walk(MACHINE.StartAt, []))).toEqual(new Set(Object.keys(MACHINE.States)));
    expect(MACHINE.StartAt).toBe('Admit run');
  });

  it('settles the run whatever task fails', () => {
    const unsettled = TASKS.filter(([name, { Catch = [] }]) => {
      const [catcher] = Catch;
      const lands = ['Settle run', 'Record failed trial', 'How did the run end?'];
      return (
        Catch.length !== 1 || catcher?.ErrorEquals[0] !== 'States.ALL' || !lands.includes(catcher.Next) || name === ''
      );
    });

    expect(unsettled).toEqual([]);
  });

  it('tries each job exactly as often as the plan says, over all of its retriers', () => {
    expect(JOBS.map(([name]) => name)).toEqual([
      'Ingest and check',
      'Build training set',
      'Audit training set',
      'Train trial',
      'Evaluate',
    ]);
    for (const [, { Retry = [] }] of JOBS) {
      expect(Retry.reduce((sum, { MaxAttempts }) => sum + (MaxAttempts ?? 3), 0)).toBe(WORKFLOW_PLAN.triesPerJob - 1);
    }
  });

  it('has no retrier on a job that has one try', () => {
    const once = renderStateMachine({ ...WORKFLOW_PLAN, triesPerJob: 1 }, RESOURCE_NAMES);

    expect(once.States['Evaluate']).not.toHaveProperty('Retry');
  });

  it('lets a Map never retry, for that would begin its counts again', () => {
    expect(STATES.get('Train trials')).not.toHaveProperty('Retry');
  });

  it('names jobs as the settlement reads them, within 63 characters', async () => {
    const longest = renderStateMachine({ ...WORKFLOW_PLAN, pipeline: 'a-pipeline-of-24-letters' }, RESOURCE_NAMES);
    const map = must(longest.States['Train trials'], 'the Map');
    const train = map.Type === 'Map' ? map.ItemProcessor.States['Train trial'] : undefined;

    const name = String(
      await resultOf((train as TaskState & { Arguments: Record<string, string> }).Arguments['TrainingJobName']),
    );
    const evaluation = String(await resultOf(Object(task('Evaluate').Arguments).ProcessingJobName));

    expect(name.length).toBeLessThanOrEqual(63);
    expect(readJobName(name, jobNameStem('a-pipeline-of-24-letters', EXECUTION))).toBe('trial');
    expect(readJobName(evaluation, jobNameStem('flight-delays', EXECUTION))).toBe('evaluation');
  });

  it('tells the settlement of every try that failed, repeated or given up: its job may be listed late', async () => {
    const told = (anyTryFailed: boolean) =>
      resultOf(Object(task('Settle run').Arguments).Payload.failed, { anyTryFailed });
    const succeeding = (name: string, RetryCount: number) =>
      resultOf(Object(task(name).Assign).anyTryFailed, {
        anyTryFailed: false,
        states: { context: { State: { RetryCount } } },
      });
    const trials = (...result: readonly object[]) =>
      resultOf(Object(STATES.get('Train trials')).Assign.anyTryFailed, { anyTryFailed: false, states: { result } });
    const caught = TASKS.flatMap(([, { Catch = [] }]) => Catch).filter(({ Next }) => Next === 'Settle run');

    expect([await told(true), await told(false)]).toEqual([true, false]);
    for (const name of ['Ingest and check', 'Build training set', 'Audit training set', 'Evaluate']) {
      expect([await succeeding(name, 0), await succeeding(name, 1)]).toEqual([false, true]);
    }
    expect(await trials({ published: true, repeated: false })).toBe(false);
    expect(await trials({ published: true, repeated: false }, { published: false })).toBe(true);
    expect(await trials({ published: true, repeated: true }, { published: true, repeated: false })).toBe(true);
    expect(caught.map(({ Assign }) => Object(Assign).anyTryFailed)).toEqual(caught.map(() => true));
  });

  it('remembers of a trial through its states whether its job was repeated', async () => {
    const trained = Object(await resultOf(Object(task('Train trial').Output).trial));
    const published = await resultOf(task('Publish trial').Output, {
      states: { input: { trial: trained }, result: { Payload: { index: 2, fingerprint: 'f' } } },
    });
    const end = Object(STATES.get('Trial is published')).Output.repeated;

    expect(published).toEqual({ index: 2, fingerprint: 'f', repeated: true });
    expect(await resultOf(end, { states: { input: published } })).toBe(true);
    expect(await resultOf(end, { states: { input: { index: 2 } } })).toBe(false);
  });

  it('gives each try of a state another attempt', async () => {
    const attempt = Object(Object(task('Ingest and check').Arguments).Arguments)['--attempt'];
    const of = async (RetryCount: number, Name = EXECUTION) =>
      evaluated(attempt, {
        hash: (text: string) =>
          [...text]
            .reverse()
            .join('')
            .replaceAll(/[^0-9]/g, ''),
        states: { context: { Execution: { Name }, State: { RetryCount } } },
      });

    expect(await of(0)).not.toBe(await of(1));
    expect(await of(0)).not.toBe(await of(0, '2001-07-01T08-00-00Z-1'));
  });

  it('reads the report of the attempt that wrote it', async () => {
    const run = Object(Object(task('Ingest and check').Arguments).Arguments);
    const frozen = { ingest: { batch: 'bb' } };
    const ingestAttempt = await resultOf(Object(task('Ingest and check').Assign)['ingestAttempt']);

    const reports = await resultOf(run['--reports'], { frozen });
    const key = await resultOf(Object(task('Read quality report').Arguments).Key, { frozen, ingestAttempt });

    expect(`s3://${RESOURCE_NAMES.bucket}/${String(key)}`).toBe(`${String(reports)}quality.json`);
    expect(key).toBe(`ingest/flight-delays/bb/${String(ingestAttempt)}/quality.json`);
  });

  it('has one ingest job write every source below prefixes of its own', async () => {
    const two = renderStateMachine(
      { ...WORKFLOW_PLAN, sources: [{ name: 'flights' }, { name: 'airports' }] },
      RESOURCE_NAMES,
    );
    const run = Object(Object(Object(two.States['Ingest and check']).Arguments).Arguments);
    const frozen = { ingest: { batch: 'bb' } };
    const attempt = await resultOf(run['--attempt']);

    expect(Object.keys(two.States)).toEqual(Object.keys(MACHINE.States));
    for (const [argument, folder] of [
      ['--curated', (name: string) => `curated/${name}/data`],
      ['--quarantine', (name: string) => `quarantine/${name}`],
    ] as const) {
      expect(await resultOf(run[argument], { frozen })).toBe(
        ['flights', 'airports']
          .map((name) => `s3://${RESOURCE_NAMES.bucket}/${folder(name)}/bb/${String(attempt)}/`)
          .join(','),
      );
    }
  });

  it('trains on managed spot with checkpoints, literal limits, encryption and no network', async () => {
    const job = Object(task('Train trial').Arguments);

    expect(job).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 1_800, MaxWaitTimeInSeconds: 3_600 },
      ResourceConfig: {
        InstanceType: 'ml.m5.xlarge',
        InstanceCount: 1,
        VolumeSizeInGB: 30,
        VolumeKmsKeyId: RESOURCE_NAMES.key,
      },
      OutputDataConfig: { KmsKeyId: RESOURCE_NAMES.key },
      EnableNetworkIsolation: true,
      AlgorithmSpecification: { ContainerEntrypoint: ['python3', '/opt/ml/input/data/code/0123.zip', 'train'] },
    });
    expect(await resultOf(job.CheckpointConfig.S3Uri)).toBe(
      `s3://${RESOURCE_NAMES.bucket}/models/flight-delays/checkpoints/aa/`,
    );
    expect(await resultOf(job.OutputDataConfig.S3OutputPath)).toBe(
      `s3://${RESOURCE_NAMES.bucket}/models/flight-delays/trials/aa`,
    );
  });

  it('trains on demand without a time for waiting', () => {
    const training = { ...WORKFLOW_PLAN.training, spot: null };
    const machine = renderStateMachine({ ...WORKFLOW_PLAN, training }, RESOURCE_NAMES);
    const job = JSON.stringify(machine.States['Train trials']);

    expect(job).toContain('"EnableManagedSpotTraining":false');
    expect(job).not.toContain('MaxWaitTimeInSeconds');
  });

  it('gives no volume key to an instance with disks of its own', () => {
    const evaluation = { ...WORKFLOW_PLAN.evaluation, instance: 'ml.g4dn.xlarge' };
    const machine = renderStateMachine({ ...WORKFLOW_PLAN, evaluation }, RESOURCE_NAMES);

    expect(JSON.stringify(machine.States['Evaluate'])).not.toContain('VolumeKmsKeyId');
  });

  it('has at most as many iterations as the plan has trials, and each trial is one', async () => {
    const map = Object(must(STATES.get('Train trials'), 'the Map'));
    const items = (trials: unknown) => resultOf(map.Items, { frozen: { trials } });
    const trials = [0, 1, 2, 3, 4].map((index) => ({ index }));
    const context = { Map: { Item: { Value: 3 } } };

    expect(await items(trials.slice(0, 4))).toEqual([0, 1, 2, 3]);
    expect(await items(trials)).toHaveLength(4);
    expect(await items(trials.slice(0, 1))).toEqual([0]);
    expect(await items([])).toEqual([]);
    expect(await items([trials])).toEqual([0]);
    expect(await resultOf(map.ItemSelector, { frozen: { trials }, states: states({ context }) })).toEqual({ index: 3 });
  });

  it('keeps the trials that finished and no others', async () => {
    const results = [
      { index: 0, fingerprint: 'aa', published: true },
      { index: 1, fingerprint: 'bb', published: false, error: 'States.TaskFailed', cause: '' },
    ];
    const assign = Object(must(STATES.get('Train trials'), 'the Map')).Assign;
    const finished = (result: unknown) => resultOf(assign.finishedTrials, { states: states({ result }) });

    expect(await finished(results)).toEqual([{ index: 0, fingerprint: 'aa' }]);
    expect(await finished([results[1]])).toEqual([]);
  });

  it('is refused, not promoted, where a report does not say yes', async () => {
    const condition = (name: string) => Object(must(MACHINE.States[name], name)).Choices[0].Condition;

    expect(await resultOf(condition('Is the run admitted?'), { admission: { admitted: true } })).toBe(true);
    expect(await resultOf(condition('Is the run admitted?'), { admission: {} })).not.toBe(true);
    expect(await resultOf(condition('Decide quality'), { quality: { passed: 'yes' } })).not.toBe(true);
    expect(await resultOf(condition('Decide promotion'), { report: {} })).not.toBe(true);
  });

  it('is the same for equal plans', () => {
    expect(JSON.stringify(renderStateMachine(structuredClone(WORKFLOW_PLAN), RESOURCE_NAMES))).toBe(
      JSON.stringify(MACHINE),
    );
  });
});
