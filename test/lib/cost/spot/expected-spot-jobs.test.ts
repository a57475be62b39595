import { describe, expect, it } from 'vitest';
import type { SpotExpectation } from '../../../../lib/cost/assessment.ts';
import type { JsonObject } from '../../../../lib/cost/json-object.ts';
import { expectSpotJob } from '../../../../lib/cost/spot/expect-spot-job.ts';
import { expectedSpotJobs } from '../../../../lib/cost/spot/expected-spot-jobs.ts';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import type { Proofs } from '../../../../lib/cost/workflow/proofs.ts';
import type { Scope, TaskState, WorkflowState } from '../../../../lib/cost/workflow/workflow.ts';
import { usdToDecimal } from '../../../../lib/units/usd.ts';
import { contextOf } from '../../../support/metered-call.ts';

const EXPECTATION: SpotExpectation = { interruptionsPerHour: 0.15, saving: 0.67 };
const JOB = {
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3_600, MaxWaitTimeInSeconds: 7_200 },
  EnableManagedSpotTraining: true,
  CheckpointConfig: { S3Uri: 's3://checkpoints/' },
  Tags: [
    { Key: 'Run', Value: unresolved('run', 'decided by the input') },
    { Key: 'CheckpointSeconds', Value: '600' },
  ],
};

const expectationOf = (change: JsonObject = {}, expectation: Partial<SpotExpectation> = {}) =>
  expectSpotJob(
    { value: { ...JOB, ...change }, at: 'app/Machine.States.Train.Arguments', source: 'task' },
    contextOf({}),
    { ...EXPECTATION, ...expectation },
  );

const problemsOf = (...given: Parameters<typeof expectationOf>): readonly string[] =>
  expectationOf(...given).diagnostics.map(({ code, at }) => `${code} ${at}`);

describe('a training job on managed spot', () => {
  it('is expected to cost its time with interruptions, instances at a discount and volumes without', () => {
    const { job, diagnostics } = expectationOf();
    const perSecond = 0.15 / 3_600;
    const seconds =
      Math.expm1(perSecond * 300) / perSecond +
      Math.exp(perSecond * 300) *
        ((5 * Math.expm1(perSecond * 600)) / perSecond + Math.expm1(perSecond * 300) / perSecond);

    expect(diagnostics).toEqual([]);
    expect(job?.expectedSeconds).toBe(Math.ceil(seconds));
    const expected = Math.ceil(seconds) * ((0.33 * 0.23) / 3_600 + (30 * 0.14) / 730 / 3_600);
    expect(Number(usdToDecimal(job?.expectedUsd ?? (0n as never)))).toBeCloseTo(expected, 9);
    expect(Number(usdToDecimal(job?.boundUsd ?? (0n as never)))).toBeCloseTo(
      7_320 * (0.23 / 3_600 + (30 * 0.14) / 730 / 3_600),
      9,
    );
    expect(job?.checkpointSeconds).toBe(600);
  });

  it('writes checkpoints as often as its tag says, unless the review expects otherwise', () => {
    expect(expectationOf({}, { checkpointSeconds: 60 }).job?.checkpointSeconds).toBe(60);
    expect(expectationOf({}, { restartSeconds: 1_200 }).job?.expectedSeconds).toBeGreaterThan(
      expectationOf().job?.expectedSeconds ?? Number.POSITIVE_INFINITY,
    );
  });

  it('is warned of where it does not say how often, and expected to write none', () => {
    const silent = { Tags: [{ Key: 'CheckpointSeconds', Value: unresolved('run', 'decided by the input') }] };
    expect(problemsOf(silent)).toEqual(['unstated-checkpoints app/Machine.States.Train.Arguments.Tags']);
    expect(expectationOf(silent).diagnostics[0]?.severity).toBe('warning');
    expect(expectationOf(silent).job?.checkpointSeconds).toBeNull();
    expect(expectationOf({ Tags: undefined }).job?.expectedSeconds).toBe(Math.ceil(Math.expm1(0.15) / (0.15 / 3_600)));
  });

  it('is refused where it is expected to need longer than it may wait, with the interval that would do', () => {
    const stormy = { interruptionsPerHour: 2 };
    const tight = { StoppingCondition: { MaxRuntimeInSeconds: 10_000, MaxWaitTimeInSeconds: 12_600 } };
    const [refusal] = expectationOf(tight, stormy).diagnostics;
    const interval = Number(/every (\d+) s/.exec(refusal?.fix ?? '')?.[1]);

    expect(problemsOf(tight, stormy)).toEqual([
      'spot-without-checkpoints app/Machine.States.Train.Arguments.CheckpointConfig',
    ]);
    expect(refusal?.severity).toBe('error');
    expect(problemsOf(tight, { ...stormy, checkpointSeconds: interval })).toEqual([]);
    expect(problemsOf(tight, { ...stormy, checkpointSeconds: interval + 1 })).toHaveLength(1);
  });

  it('is refused where no interval would do, with the time that it would have to wait', () => {
    const none = { StoppingCondition: { MaxRuntimeInSeconds: 3_600, MaxWaitTimeInSeconds: 3_600 } };
    const [refusal] = expectationOf(none).diagnostics;
    const least = Number(/MaxWaitTimeInSeconds to (\d+)/.exec(refusal?.fix ?? '')?.[1]);
    const waits = { StoppingCondition: { MaxRuntimeInSeconds: 3_600, MaxWaitTimeInSeconds: least } };

    expect(refusal?.code).toBe('spot-without-checkpoints');
    expect(problemsOf(waits, { checkpointSeconds: 1 })).toEqual([]);
  });

  it('stops at its limit however long it would take', () => {
    const long = { StoppingCondition: { MaxRuntimeInSeconds: 2_000_000, MaxWaitTimeInSeconds: 2_419_200 }, Tags: [] };
    const { job, diagnostics } = expectationOf(long, { interruptionsPerHour: 20 });

    expect(job?.expectedSeconds).toBe(2_419_320);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unstated-checkpoints']);
    expect(
      expectationOf(long, { interruptionsPerHour: 20, checkpointSeconds: 100_000 }).diagnostics[0]?.message,
    ).toContain('for ever');
  });

  it('is not expected of what is not on spot, nor of what its meter refuses', () => {
    expect(expectationOf({ EnableManagedSpotTraining: false })).toEqual({ diagnostics: [] });
    expect(expectationOf({ CheckpointConfig: undefined })).toEqual({ diagnostics: [] });
    expect(expectationOf({ ResourceConfig: {} })).toEqual({ diagnostics: [] });
  });
});

describe('the spot jobs of a workflow', () => {
  const task = (name: string, resource: string, fields: JsonObject): TaskState => ({
    type: 'Task',
    name,
    at: `app/Machine.States.${name}`,
    language: 'JSONata',
    fields,
    resource,
    next: null,
    retriers: [],
    catchers: [],
  });
  const scope = (...states: readonly WorkflowState[]): Scope => ({
    at: 'app/Machine',
    startAt: states[0]?.name ?? '',
    states: new Map(states.map((state) => [state.name, state])),
  });
  const base = { language: 'JSONata', fields: {}, next: null, retriers: [], catchers: [] } as const;
  const train = 'arn:aws:states:::sagemaker:createTrainingJob.sync';
  const shorter = { ...JOB, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 600 } };

  it('are found in Maps and Parallels, the dearest of what each can be called with', () => {
    const inner = scope(task('Inner', train, JOB), task('Other', 'arn:aws:states:::glue:startJobRun.sync', JOB));
    const map: WorkflowState = {
      ...base,
      type: 'Map',
      name: 'Trials',
      at: 'app/Machine.States.Trials',
      processor: inner,
      mode: 'inline',
    };
    const branches = [scope(task('Branch', train, shorter)), scope(map)];
    const parallel: WorkflowState = { ...base, type: 'Parallel', name: 'All', at: 'app/Machine.States.All', branches };
    const proofs: Proofs = {
      argumentsOf: ({ fields }) => [shorter, fields, shorter],
      itemsOf: () => undefined,
      loopOf: () => undefined,
    };

    const { jobs, diagnostics } = expectedSpotJobs(
      { scope: scope(parallel), proofs, expectation: EXPECTATION },
      contextOf({}),
    );

    expect(diagnostics).toEqual([]);
    expect(jobs.map(({ at, expectedSeconds }) => [at, expectedSeconds > 3_600])).toEqual([
      ['app/Machine.States.Branch', false],
      ['app/Machine.States.Inner', true],
    ]);
  });
});
