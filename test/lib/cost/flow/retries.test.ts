import { describe, expect, it } from 'vitest';
import type { CallBound } from '../../../../lib/cost/meters/task-call.ts';
import { boundOf, costs, fakeCall, tenthsOf } from '../../../support/cost-flow.ts';

const task = (retriers: readonly object[], fields: object = {}) => ({
  Work: { Type: 'Task', Resource: costs(1), Retry: retriers, End: true, ...fields },
});
/** One try of the task and its transition. */
const TRY = 11;

const triesWith = (...retriers: readonly object[]): number => tenthsOf(task(retriers)) / TRY;

describe('tries of a task', () => {
  it('are one without a retrier', () => {
    expect(tenthsOf(task([]))).toBe(TRY);
  });

  it('are three more where a retrier names no number', () => {
    expect(triesWith({ ErrorEquals: ['States.ALL'] })).toBe(4);
  });

  it('add up over retriers, each of which keeps its own count', () => {
    expect(triesWith({ ErrorEquals: ['A'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'], MaxAttempts: 5 })).toBe(8);
  });

  it('do not count a retrier whose every name an earlier one matches', () => {
    const all = { ErrorEquals: ['States.ALL'], MaxAttempts: 1 };
    const failed = { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 };
    const timeout = { ErrorEquals: ['States.Timeout'], MaxAttempts: 4 };
    const named = { ErrorEquals: ['A'], MaxAttempts: 8 };

    expect(triesWith(all, named)).toBe(2);
    expect(triesWith(failed, named, timeout)).toBe(7);
    expect(triesWith(failed, timeout, all)).toBe(7);
    expect(triesWith(failed, all)).toBe(4);
    expect(triesWith(named, { ...named, ErrorEquals: ['A', 'B'] }, named)).toBe(17);
  });

  it('are shown with the property that grants them', () => {
    const { node } = boundOf({ StartAt: 'Work', States: task([{ ErrorEquals: ['A'], MaxAttempts: 6 }]) });
    const walk = node.kind === 'sum' ? node.children[0] : undefined;
    const work = walk?.kind === 'sum' ? walk.children[0] : undefined;

    expect(work).toMatchObject({ kind: 'times', factor: 7n, label: 'tries', at: 'app/M.States.Work.Retry' });
  });
});

/** Whatever the call is. */
const oneDollar: CallBound = (call, context) => fakeCall({ ...call, resource: costs(1) }, context);

/** Source: AWS's sample project "Train a machine learning model", as in its developer guide (2026-11-20). */
const SAMPLE_RETRIERS = [
  { ErrorEquals: ['SageMaker.AmazonSageMakerException'], IntervalSeconds: 1, MaxAttempts: 100, BackoffRate: 1.1 },
  {
    ErrorEquals: ['SageMaker.ResourceLimitExceededException'],
    IntervalSeconds: 60,
    MaxAttempts: 5_000,
    BackoffRate: 1,
  },
];

describe('tries that ended with an error of the create call', () => {
  const training = task(SAMPLE_RETRIERS, { Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync' });

  it('cost as much as any other: 5,101 of them in a sample of AWS', () => {
    expect(tenthsOf(training, { boundCall: oneDollar })).toBe(5_101 * TRY);
  });

  it('cost a transition each for who accepts that they cost nothing', () => {
    expect(tenthsOf(training, { accepted: ['free-create-errors'], boundCall: oneDollar })).toBe(101 * TRY + 5_000);
  });

  it('cost all where the retrier also names another error, or that of another service', () => {
    const accepted = { accepted: ['free-create-errors'], boundCall: oneDollar } as const;
    const mixed = [{ ErrorEquals: ['SageMaker.ResourceLimitExceeded', 'States.Timeout'], MaxAttempts: 9 }];
    const foreign = [{ ErrorEquals: ['Glue.ConcurrentRunsExceededException'], MaxAttempts: 9 }];
    const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';

    expect(tenthsOf(task(mixed, { Resource }), accepted)).toBe(10 * TRY);
    expect(tenthsOf(task(foreign, { Resource }), accepted)).toBe(10 * TRY);
  });

  it('cost nothing where an earlier retrier takes the other errors that the retrier names', () => {
    const accepted = { accepted: ['free-create-errors'], boundCall: oneDollar } as const;
    const retriers = [
      { ErrorEquals: ['States.Timeout'], MaxAttempts: 0 },
      { ErrorEquals: ['SageMaker.ResourceLimitExceeded', 'States.Timeout'], MaxAttempts: 9 },
    ];
    const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';

    expect(tenthsOf(task(retriers, { Resource }), accepted)).toBe(TRY + 9);
  });

  it('are free for direct invocations, SDK integrations and started executions alike', () => {
    const cases = [
      ['arn:aws:lambda:us-east-1:000000000000:function:name', 'Lambda.TooManyRequestsException'],
      ['arn:aws:states:::aws-sdk:glue:startJobRun', 'Glue.ConcurrentRunsExceededException'],
      ['arn:aws:states:::states:sendTaskSuccess', 'StepFunctions.ExecutionLimitExceeded'],
    ] as const;
    for (const [Resource, error] of cases) {
      const states = task([{ ErrorEquals: [error], MaxAttempts: 9 }], { Resource });
      expect(tenthsOf(states, { accepted: ['free-create-errors'], boundCall: oneDollar })).toBe(TRY + 9);
    }
  });

  it('are not free where a Parallel around the task is tried again', () => {
    const states = {
      Both: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Work', States: task([]) }],
        Retry: [{ ErrorEquals: ['SageMaker.ResourceLimitExceeded'], MaxAttempts: 4 }],
        End: true,
      },
    };

    expect(tenthsOf(states, { accepted: ['free-create-errors'] })).toBe(5 * (TRY + 1));
  });
});
