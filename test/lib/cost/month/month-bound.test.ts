import { describe, expect, test } from 'vitest';
import { boundMonth } from '../../../../lib/cost/month/month-bound.ts';
import { pricedLeaf } from '../../../../lib/cost/tree/bounded.ts';
import { usd } from '../../../../lib/units/usd.ts';
import { contextOf, functionWith, MACHINE, type Resources, scheduleWith } from './context-of.ts';

/** One run costs a thousand transitions: $0.025. */
function monthOf(resources: Resources, quantities: Readonly<Record<string, number>> = {}) {
  const context = contextOf({ Machine: MACHINE, ...resources });
  const run = pricedLeaf(
    {
      label: 'run',
      at: 'app/Machine',
      item: 'stepfunctions.standard.transition',
      factors: [{ name: 'transitions', at: 'app/Machine', quantity: 1_000n }],
    },
    context.book,
  );
  return boundMonth({ machines: [{ machine: 'app/Machine', run }], quantities, context });
}

const toMachine = { Arn: { Ref: 'Machine' }, RetryPolicy: { MaximumRetryAttempts: 9 } };

test('a month is its executions, deliveries and what stands', () => {
  const key = { Type: 'AWS::KMS::Key', Properties: {} };
  const { month } = monthOf({ Schedule: scheduleWith(toMachine), Key: key });
  expect(month.diagnostics).toEqual([]);
  // 31 runs of $0.025, 31 x 10 deliveries at $1 a million, a key.
  expect(month.node.usd).toBe(usd('0.775') + usd('0.00031') + usd('1'));
});

test('a delivery is retried 185 times where nothing else is said', () => {
  const { month } = monthOf({ Schedule: scheduleWith({ Arn: { Ref: 'Machine' } }) });
  expect(month.node.usd).toBe(usd('0.775') + usd('0.005766'));
});

test('deliveries of a rule are free, and its function is tried three times', () => {
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'one', Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }] },
  };
  const { month } = monthOf({ Rule: rule, Work: functionWith() });
  expect(month.node.usd).toBe(usd('0.0002502005') * 93n);
});

test('a machine that nothing starts runs by hand only: an assumption', () => {
  const { month, startsPerMonth, assumptions } = monthOf({});
  expect(month.node.usd).toBe(0n);
  expect(startsPerMonth).toEqual(new Map([['app/Machine', 0]]));
  expect(assumptions.map(({ name }) => name)).toEqual(['no-redrive', 'manual-starts', 'no-foreign-jobs']);
});

test('what only the templates of some apps rest on is named for them', () => {
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] },
      Targets: [{ Id: 'one', Arn: { Ref: 'Topic' } }],
    },
  };
  const given = {
    Schedule: scheduleWith(toMachine),
    Work: functionWith(),
    Rule: rule,
    Topic: { Type: 'AWS::SNS::Topic' },
    Provider: { Type: 'Custom::Seed', Properties: { ServiceToken: { 'Fn::GetAtt': ['Work', 'Arn'] } } },
    Trigger: { Type: 'AWS::Glue::Trigger', Properties: { Type: 'ON_DEMAND' } },
  };
  expect(monthOf(given).assumptions.map(({ name }) => name)).toEqual([
    'no-redrive',
    'manual-starts',
    'no-foreign-jobs',
    'one-start-per-tick',
    'no-foreign-invocations',
    'foreign-roles',
    'no-foreign-executions',
    'deployments',
    'nothing-by-hand',
  ]);
});

test('executions that are declared are part of the month', () => {
  expect(monthOf({}, { 'executions-of-Machine': 4 }).month.node.usd).toBe(usd('0.1'));
});

test('a started machine whose run has no bound is refused', () => {
  const context = contextOf({ Machine: MACHINE, Schedule: scheduleWith(toMachine) });
  const { month } = boundMonth({ machines: [], quantities: {}, context });
  expect(month.diagnostics.map(({ code, at }) => `${code} ${at}`)).toEqual(['malformed-definition app/Machine']);
});

describe('declared meters', () => {
  const bucket = { Bucket: { Type: 'AWS::S3::Bucket' } };

  test('are those that the templates can incur', () => {
    expect(monthOf({}).declared).toEqual([]);
    const names = monthOf(bucket).declared.map(({ name }) => name);
    expect(names).toContain('s3-gigabyte-months');
    expect(names).not.toContain('kms-requests');
    expect(monthOf(bucket).month.node.usd).toBe(0n);
  });

  test.each([
    ['Active', true],
    ['PassThrough', false],
  ])('are the traces of functions: %s', (Mode, isDeclared) => {
    const names = monthOf({ Fn: functionWith({ TracingConfig: { Mode } }) }).declared.map(({ name }) => name);
    expect(names.includes('trace-millions')).toBe(isDeclared);
  });

  test('are the logs of executions, wherever they go', () => {
    const logged = (Level: string) => ({
      Logged: { ...MACHINE, Properties: { ...MACHINE.Properties, LoggingConfiguration: { Level, Destinations: [] } } },
    });
    expect(monthOf(logged('ERROR')).declared.map(({ name }) => name)).toEqual(['log-gigabytes', 'log-gigabyte-months']);
    expect(monthOf(logged('OFF')).declared).toEqual([]);
  });

  test('are the objects that the items of a distributed Map are read from', () => {
    const machineOf = (fields: object) => {
      const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...END };
      const map = { Type: 'Map', ItemProcessor: processor, End: true, ...fields };
      return {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { Definition: { StartAt: 'Map', States: { Map: map } } },
      };
    };
    const END = { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } };
    const namesOf = (fields: object) => monthOf({ Reader: machineOf(fields) }).declared.map(({ name }) => name);
    const reader = { ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'others' } } };
    expect(namesOf(reader)).toEqual(expect.arrayContaining(['s3-get-requests', 's3-put-requests']));
    expect(namesOf({})).toEqual([]);
  });

  test('are part of the month with a quantity', () => {
    const { month, declared } = monthOf(bucket, { 's3-gigabyte-months': 100.5, 's3-put-requests': 2_000 });
    expect(month.diagnostics).toEqual([]);
    expect(month.node.usd).toBe(usd('2.3115') + usd('0.01'));
    expect(declared.find(({ name }) => name === 's3-gigabyte-months')).toMatchObject({
      quantity: 100.5,
      usd: usd('2.3115'),
    });
  });

  test('know units of a price: a million publishes, a hundred thousand notifications', () => {
    const topic = { Topic: { Type: 'AWS::SNS::Topic' } };
    expect(monthOf(topic, { 'sns-publishes': 1_000_000 }).month.node.usd).toBe(usd('0.5'));
    expect(monthOf(topic, { 'sns-deliveries': 50_000 }).month.node.usd).toBe(usd('1'));
  });

  test('of dearer kinds have prices of their own', () => {
    const given = {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true } },
      Phone: { Type: 'AWS::SNS::Subscription', Properties: { Protocol: 'sms', Endpoint: '+1' } },
    };
    const { diagnostics } = monthOf(given, { 'sqs-requests': 1, 'sns-publishes': 1, 'sns-deliveries': 1 }).month;
    expect(diagnostics.map(({ message }) => /for (\S+)$/.exec(message)?.[1])).toEqual(['sns.fifo.publish', 'sns.sms']);
    const { Queue } = given;
    expect(monthOf({ Queue }, { 'sqs-requests': 1_000_000 }).month.node.usd).toBe(usd('0.5'));
  });

  test('that stopped jobs upload cost by the dearest instance of the definitions', () => {
    const definition = JSON.stringify({
      StartAt: 'Train',
      States: {
        Train: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
          Parameters: { ResourceConfig: { InstanceType: 'ml.m5.xlarge' }, Spare: 'ml.c5.xlarge' },
          End: true,
        },
      },
    });
    const machine = { ...MACHINE, Properties: { ...MACHINE.Properties, DefinitionString: definition } };
    expect(monthOf({ Machine: machine }, { 'upload-hours': 2 }).month.node.usd).toBe(usd('0.46'));
  });

  test('without a price are refused with a quantity only', () => {
    const given = { Secret: { Type: 'AWS::SecretsManager::Secret' } };
    expect(monthOf(given).month.diagnostics).toEqual([]);
    const { diagnostics } = monthOf(given, { 'secret-requests': 1 }).month;
    expect(diagnostics.map(({ code }) => code)).toEqual(['missing-price']);
  });

  test('have names: anything else is refused, and so is what is no number', () => {
    const { month } = monthOf(bucket, {
      'kms-requests': 1,
      gigabytes: 1,
      's3-get-requests': -1,
      's3-put-requests': NaN,
    });
    expect(month.diagnostics.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'unknown-quantity quantities.kms-requests',
      'unknown-quantity quantities.gigabytes',
      'unknown-quantity quantities.s3-get-requests',
      'unknown-quantity quantities.s3-put-requests',
    ]);
  });
});
