import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/cost/json-object.ts';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import {
  bookWithout,
  boundOf,
  type CallParts,
  type FakeResource,
  leavesOf,
  problemsOf,
  usdOf,
} from '../../../support/metered-call.ts';

const WORK = { MemorySize: 512, Timeout: 60, Architectures: ['arm64'], Runtime: 'nodejs24.x', FunctionName: 'work' };
const FUNCTION = 'app/Fn.Properties';
const TASK = 'app/Machine.States.Work';
const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:work';

const fn = (properties: JsonObject = {}): FakeResource => ({
  type: 'AWS::Lambda::Function',
  properties: { ...WORK, ...properties },
});

const invocation = (change: JsonObject = {}, parts: Partial<CallParts> = {}): CallParts => ({
  call: 'lambda:invoke',
  arguments: { FunctionName: 'work', Payload: unresolved('run', 'decided by the input') },
  ...parts,
  resources: { Fn: fn(change), ...parts.resources },
});

/** A cold start of ten seconds and the timeout, by hand. */
const once = (gigabytes: number, timeout: number, price: number): number =>
  gigabytes * (timeout + 10) * price + 0.0000002;
const ARM = 0.0000133334;
const X86 = 0.0000166667;

describe('a Lambda invocation', () => {
  it.each([
    ['on arm', {}, once(0.5, 60, ARM)],
    ['on x86', { Architectures: ['x86_64'] }, once(0.5, 60, X86)],
    [
      'with the defaults of CloudFormation',
      { Architectures: undefined, MemorySize: undefined, Timeout: undefined },
      once(0.125, 3, X86),
    ],
    ['with the most of both', { MemorySize: 10_240, Timeout: 900 }, once(10, 900, ARM)],
    ['with more storage', { EphemeralStorage: { Size: 1_536 } }, once(0.5, 60, ARM) + 70 * 0.0000000309],
    [
      'without snapshots; traces are declared',
      { SnapStart: { ApplyOn: 'None' }, TracingConfig: { Mode: 'Active' } },
      once(0.5, 60, ARM),
    ],
  ])('costs its memory for a cold start and until its timeout, and a request: %s', (_, change, expected) => {
    expect(usdOf(invocation(change))).toBeCloseTo(expected, 12);
  });

  it('names the property behind every factor', () => {
    const [compute] = leavesOf(boundOf(invocation()).node);

    expect(compute?.factors.map(({ at, quantity }) => [at, quantity])).toEqual([
      [`${FUNCTION}.MemorySize`, 512n],
      [`${FUNCTION}.Timeout`, 70n],
    ]);
    expect(compute?.divisor).toBe(1_024n);
  });

  it.each([
    'work',
    ARN,
    `${ARN}:live`,
    'work:$LATEST',
    '123456789012:function:work',
    '@{app/Fn}',
    '@{app/Fn.Arn}',
    '@{app/Fn.Arn}:live',
    '@{app/Fn.Arn}:@{app/Version.Version}',
    'arn:@{AWS::Partition}:lambda:@{AWS::Region}:@{AWS::AccountId}:function:@{app/Fn}:live',
    '@{app/Live}',
    '@{app/Version}',
  ])('is of the function that %s names', (name) => {
    const resources = {
      Live: { type: 'AWS::Lambda::Alias', properties: { Name: 'live', FunctionName: '@{app/Fn}' } },
      Version: { type: 'AWS::Lambda::Version', properties: { FunctionName: '@{app/Fn}' } },
    };
    expect(usdOf(invocation({}, { arguments: { FunctionName: name }, resources }))).toBeCloseTo(once(0.5, 60, ARM), 12);
    const isArn = name.startsWith('arn:') || name.startsWith('@{');
    if (isArn) expect(usdOf(invocation({}, { call: name, resources }))).toBeCloseTo(once(0.5, 60, ARM), 12);
  });

  const pointer = (properties: JsonObject = {}): Readonly<Record<string, FakeResource>> => ({
    Live: { type: 'AWS::Lambda::Alias', properties: { Name: 'live', FunctionName: '@{app/Fn}', ...properties } },
    Version: { type: 'AWS::Lambda::Version', properties: { FunctionName: '@{app/Fn}' } },
  });
  const weights = (FunctionVersion: unknown): JsonObject => ({
    FunctionVersion: '@{app/Version.Version}',
    RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion, FunctionWeight: 0.1 }] },
  });

  it('is bounded by the versions of the templates only: earlier ones may have other limits', () => {
    const name = `${TASK}.Arguments.FunctionName`;
    const problems = (given: JsonObject, properties: JsonObject = {}): readonly string[] =>
      problemsOf(invocation({}, { arguments: given, resources: pointer(properties) }));

    expect(problems({ FunctionName: 'work:3' })).toEqual([`unmetered-call ${name}`]);
    expect(problems({ FunctionName: `${ARN}:other` })).toEqual([`unmetered-call ${name}`]);
    expect(problems({ FunctionName: 'work', Qualifier: '3' })).toEqual([`unmetered-call ${TASK}.Arguments.Qualifier`]);
    expect(problems({ FunctionName: 'work', Qualifier: 'live' })).toEqual([]);
    expect(problems({ FunctionName: 'work', Qualifier: '@{app/Version.Version}' })).toEqual([]);

    const live = { FunctionName: '@{app/Live}' };
    expect(problems(live, { FunctionVersion: '3' })).toEqual(['unmetered-option app/Live.Properties.FunctionVersion']);
    expect(problems({ FunctionName: 'work:live' }, { FunctionVersion: '3' })).toHaveLength(1);
    expect(problems(live, { FunctionVersion: '$LATEST' })).toEqual([]);
    expect(problems(live, weights('@{app/Version.Version}'))).toEqual([]);
    expect(problems(live, weights('2'))).toEqual([
      'unmetered-option app/Live.Properties.RoutingConfig.AdditionalVersionWeights[0].FunctionVersion',
    ]);
  });

  it('is refused where its name is that of several functions', () => {
    const resources = { Fn: fn(), Twin: fn({ Timeout: 900 }) };
    expect(problemsOf(invocation({}, { resources }))).toEqual([`unmetered-call ${TASK}.Arguments.FunctionName`]);
  });

  it('waits for a token at the same price', () => {
    expect(usdOf(invocation({}, { call: 'lambda:invoke.waitForTaskToken' }))).toBeCloseTo(once(0.5, 60, ARM), 12);
    expect(usdOf(invocation({}, { call: 'aws-sdk:lambda:invoke' }))).toBeCloseTo(once(0.5, 60, ARM), 12);
  });

  const event = (config?: JsonObject, name = 'work'): CallParts => {
    const type = 'AWS::Lambda::EventInvokeConfig';
    const configs: Readonly<Record<string, FakeResource>> =
      config === undefined ? {} : { Config: { type, properties: config } };
    const resources = { ...configs, ...pointer() };
    return invocation({}, { arguments: { FunctionName: name, InvocationType: 'Event' }, resources });
  };

  it.each([
    ['two retries where nothing is configured', event(), 3],
    [
      'those of its configuration',
      event({ FunctionName: '@{app/Fn}', Qualifier: '$LATEST', MaximumRetryAttempts: 1 }),
      2,
    ],
    ['none', event({ FunctionName: 'work', Qualifier: '$LATEST', MaximumRetryAttempts: 0 }), 1],
    ['two where the configuration has no number', event({ FunctionName: 'work', Qualifier: '$LATEST' }), 3],
    [
      'two for an alias',
      event({ FunctionName: 'work', Qualifier: '$LATEST', MaximumRetryAttempts: 0 }, 'work:live'),
      3,
    ],
    [
      'two where another function is configured',
      event({ FunctionName: 'other', Qualifier: '$LATEST', MaximumRetryAttempts: 0 }),
      3,
    ],
  ])('counts the retries of an asynchronous one: %s', (_, parts, tries) => {
    expect(usdOf(parts)).toBeCloseTo(tries * once(0.5, 60, ARM), 12);
  });

  it.each([
    [
      'memory that a deployment decides',
      { MemorySize: unresolved('deployment', 'decided by M') },
      `deploy-time-limit ${FUNCTION}.MemorySize`,
    ],
    ['a timeout above the most', { Timeout: 901 }, `malformed-template ${FUNCTION}.Timeout`],
    ['an unknown architecture', { Architectures: ['risc'] }, `malformed-template ${FUNCTION}.Architectures`],
    ['snapshots', { SnapStart: { ApplyOn: 'PublishedVersions' } }, `unmetered-option ${FUNCTION}.SnapStart.ApplyOn`],
    ['durable execution', { DurableConfig: { ExecutionTimeout: 3_600 } }, `unmetered-option ${FUNCTION}.DurableConfig`],
    ['instances of its own', { CapacityProviderConfig: {} }, `unmetered-option ${FUNCTION}.CapacityProviderConfig`],
  ])('is refused with %s', (_, change, problem) => {
    expect(problemsOf(invocation(change))).toEqual([problem]);
  });

  it('is refused where its function is not known, or kept warm', () => {
    const name = `${TASK}.Arguments.FunctionName`;
    expect(problemsOf(invocation({}, { arguments: { FunctionName: 'other' } }))).toEqual([`unmetered-call ${name}`]);
    expect(problemsOf(invocation({}, { arguments: {} }))).toEqual([`unmetered-call ${name}`]);
    const during = unresolved('run', 'decided by the input');
    expect(problemsOf(invocation({}, { arguments: { FunctionName: during } }))).toEqual([`run-time-limit ${name}`]);
    expect(problemsOf(invocation({}, { call: 'arn:aws:lambda:us-east-1:1:function:other' }))).toEqual([
      `unmetered-call ${TASK}.Resource`,
    ]);
    const properties = {
      FunctionName: '@{app/Fn}',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    };
    const resources = { Live: { type: 'AWS::Lambda::Alias', properties } };
    expect(problemsOf(invocation({}, { arguments: { FunctionName: '@{app/Live}' }, resources }))).toEqual([
      'unmetered-option app/Live.Properties.ProvisionedConcurrencyConfig',
    ]);
  });

  it('is refused where a failed event is sent on', () => {
    const destination = {
      FunctionName: 'work',
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: 'a' } },
    };
    expect(problemsOf(event(destination))).toEqual(['unmetered-option app/Config.Properties.DestinationConfig']);
    expect(problemsOf({ ...event(), resources: { Fn: fn({ DeadLetterConfig: { TargetArn: 'a' } }) } })).toEqual([
      `unmetered-option ${FUNCTION}.DeadLetterConfig`,
    ]);
  });

  it('reports every missing price at once', () => {
    const book = bookWithout(
      'lambda.gb_second.arm',
      'lambda.request',
      'lambda.ephemeral_storage_gb_second_above_512MB',
    );
    expect(problemsOf(invocation({ EphemeralStorage: { Size: 1_024 } }, { book }))).toEqual([
      `missing-price ${FUNCTION}.Architectures`,
      `missing-price ${FUNCTION}.EphemeralStorage.Size`,
      `missing-price ${FUNCTION}`,
    ]);
  });
});
