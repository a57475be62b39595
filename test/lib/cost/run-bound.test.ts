import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundRun } from '../../../lib/cost/run-bound.ts';
import { must } from '../../../lib/errors/fault.ts';
import { usdToDecimal } from '../../../lib/units/usd.ts';
import {
  FUNCTION,
  GLUE_JOB,
  GLUE_TASK,
  lambdaTask,
  shippedPriceBook,
  templateOf,
} from '../../support/cost-template.ts';

const book = shippedPriceBook();
const TRANSITION = 0.000025;
/** 0.5 GB for 60 s on arm at $0.0000133334, and one request. */
const INVOCATION = 0.5 * 60 * 0.0000133334 + 0.0000002;

const usdOf = (states: object, resources?: object): number =>
  Number(usdToDecimal(must(boundRun(templateOf(states, resources), book).value, 'a bound').usd));
const problemsOf = (states: object, resources?: object): readonly string[] =>
  boundRun(templateOf(states, resources), book).diagnostics.map(({ at }) => at);

const trainingTask = (change: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
  End: true,
  Arguments: {
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 1_800, MaxWaitTimeInSeconds: 3_600 },
    EnableManagedSpotTraining: true,
    CheckpointConfig: { S3Uri: 's3://b/p/' },
    ...change,
  },
});

describe('the bound of one run', () => {
  it('is all workers of a Glue job until its timeout', () => {
    expect(usdOf({ First: GLUE_TASK })).toBeCloseTo(5 * 0.5 * 0.308 + TRANSITION, 9);
  });

  it('counts every retrier of a task, and a transition for each try', () => {
    const retriers = [{ ErrorEquals: ['A'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'] }];
    expect(usdOf({ First: { ...GLUE_TASK, Retry: retriers } })).toBeCloseTo(6 * (0.77 + TRANSITION), 9);
  });

  it('takes the strict reading of spot: all of the waiting time, the stop, and the volume', () => {
    const seconds = 3_600 + 120;
    const expected = (seconds / 3_600) * 0.23 + (30 * 0.14 * seconds) / 3_600 / 730;
    expect(usdOf({ First: trainingTask() })).toBeCloseTo(expected + TRANSITION, 9);
  });

  it('takes the dearest branch, not their sum', () => {
    const states = {
      First: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Ingest' }], Default: 'Work' },
      Ingest: GLUE_TASK,
      Work: lambdaTask({ End: true }),
    };
    expect(usdOf(states)).toBeCloseTo(0.77 + 2 * TRANSITION, 9);
  });

  it('multiplies a Map by the range that selects its items', () => {
    const processor = { StartAt: 'Work', States: { Work: lambdaTask({ End: true }) } };
    const map = { Type: 'Map', Items: '{% [$frozen.trials[[0..3]]] %}', ItemProcessor: processor, End: true };
    expect(usdOf({ First: map })).toBeCloseTo(4 * (INVOCATION + TRANSITION) + TRANSITION, 9);
  });

  it('counts what the end of an execution starts, with the retries of an asynchronous invocation', () => {
    const rule = {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.states'] },
        Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }],
      },
    };
    expect(usdOf({ First: { Type: 'Succeed' } }, { Rule: rule })).toBeCloseTo(3 * INVOCATION + TRANSITION, 9);
  });

  it.each([
    ['GlueVersion', { GlueVersion: undefined }],
    ['Timeout', { Timeout: undefined }],
    ['WorkerType', { NumberOfWorkers: undefined }],
    ['MaxRetries', { MaxRetries: 1 }],
    ['ExecutionClass', { ExecutionClass: 'FLEX' }],
  ])('refuses a Glue job whose %s leaves it open', (property, change) => {
    const job = { ...GLUE_JOB, Properties: { ...GLUE_JOB.Properties, ...change } };
    expect(problemsOf({ First: GLUE_TASK }, { Ingest: job })).toEqual([`app/Ingest.Properties.${property}`]);
  });

  it.each([
    ['StoppingCondition.MaxWaitTimeInSeconds', { StoppingCondition: { MaxRuntimeInSeconds: 60 } }],
    ['CheckpointConfig', { CheckpointConfig: undefined }],
    [
      'ResourceConfig.KeepAlivePeriodInSeconds',
      {
        ResourceConfig: {
          InstanceType: 'ml.m5.xlarge',
          InstanceCount: 1,
          VolumeSizeInGB: 1,
          KeepAlivePeriodInSeconds: 60,
        },
      },
    ],
    [
      'ResourceConfig.InstanceCount',
      { ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: '{% $n %}', VolumeSizeInGB: 1 } },
    ],
  ])('refuses a training job by its %s', (property, change) => {
    expect(problemsOf({ First: trainingTask(change) })).toEqual([`app/Machine.States.First.Arguments.${property}`]);
  });

  it('refuses what it has no meter for, by name and all at once', () => {
    const states = { First: { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true } };
    expect(problemsOf(states, { Cluster: { Type: 'AWS::ECS::Cluster' } })).toEqual([
      'app/Cluster',
      'app/Machine.States.First.Resource',
    ]);
  });

  it('refuses a loop, an open Map and an override of a limit', () => {
    expect(
      problemsOf({
        First: lambdaTask({ Next: 'Again' }),
        Again: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'First' }], Default: 'End' },
        End: { Type: 'Succeed' },
      }),
    ).toEqual(['app/Machine.States.First']);
    const processor = { StartAt: 'Work', States: { Work: lambdaTask({ End: true }) } };
    expect(problemsOf({ First: { Type: 'Map', Items: '{% $trials %}', ItemProcessor: processor, End: true } })).toEqual(
      ['app/Machine.States.First.Items'],
    );
    expect(problemsOf({ First: { ...GLUE_TASK, Arguments: { JobName: 'ingest', Timeout: 9 } } })).toEqual([
      'app/Machine.States.First.Arguments.Timeout',
    ]);
  });

  it('is an error, never zero, where a price is missing', () => {
    expect(() => boundRun(templateOf({ First: GLUE_TASK }), { ...book, prices: [] })).toThrow(/no price for/);
  });

  it('has a tree whose parts add up to it', () => {
    const bound = must(
      boundRun(templateOf({ First: lambdaTask({ Next: 'Then' }), Then: GLUE_TASK }), book).value,
      'a bound',
    );
    expect(bound.tree.children.reduce((total, child) => total + child.usd, 0n)).toBe(bound.usd);
  });
});

describe('the bound of a random chain of choices', () => {
  /** Layer i offers some functions, each with a memory and a number of retries; any of them leads to any of the next layer. */
  const layers = fc.array(
    fc.array(fc.record({ memory: fc.constantFrom(128, 512, 1_024), retries: fc.nat(3) }), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 1, maxLength: 4 },
  );

  it('is attained by its most wasteful walk and exceeded by none', () => {
    fc.assert(
      fc.property(layers, (chain) => {
        const states: Record<string, object> = {};
        const resources: Record<string, object> = {};
        chain.forEach((options, index) => {
          const last = index === chain.length - 1;
          const rules = options.map((_, option) => ({ Condition: '{% true %}', Next: `Work${index}x${option}` }));
          states[index === 0 ? 'First' : `Choose${index}`] = {
            Type: 'Choice',
            Choices: rules,
            Default: `Work${index}x0`,
          };
          options.forEach(({ memory, retries }, option) => {
            resources[`F${index}x${option}`] = {
              ...FUNCTION,
              Properties: { ...FUNCTION.Properties, MemorySize: memory },
            };
            states[`Work${index}x${option}`] = {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Arguments: { FunctionName: `@{app/F${index}x${option}.Arn}` },
              Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: retries }],
              ...(last ? { End: true } : { Next: `Choose${index + 1}` }),
            };
          });
        });
        const worst = chain.reduce(
          (total, options) =>
            total +
            TRANSITION +
            Math.max(
              ...options.map(
                ({ memory, retries }) =>
                  (retries + 1) * ((memory / 1_024) * 60 * 0.0000133334 + 0.0000002 + TRANSITION),
              ),
            ),
          0,
        );
        expect(usdOf(states, resources)).toBeCloseTo(worst, 9);
      }),
      { numRuns: 50 },
    );
  });
});
