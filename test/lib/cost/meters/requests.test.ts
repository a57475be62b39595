import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/cost/json-object.ts';
import { unitsPerPrice } from '../../../../lib/cost/meters/request-leaf.ts';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import { bookWithout, type CallParts, type FakeResource, problemsOf, usdOf } from '../../../support/metered-call.ts';

const AT = 'app/Machine.States.Work';
const DURING_RUN = unresolved('run', 'decided by the input');
const WRITE = 0.000000625;
const READ = 0.000000125;

describe('requests to DynamoDB', () => {
  const table = (properties: JsonObject = {}): FakeResource => ({
    type: 'AWS::DynamoDB::Table',
    properties: { TableName: 'rows', BillingMode: 'PAY_PER_REQUEST', ...properties },
  });
  const request = (name: string, given: JsonObject = {}, properties: JsonObject = {}): CallParts => ({
    call: `dynamodb:${name}`,
    arguments: { TableName: 'rows', Key: DURING_RUN, ...given },
    resources: { Rows: table(properties) },
  });
  const indexes = { GlobalSecondaryIndexes: [{}, {}], LocalSecondaryIndexes: [{}] };
  const ofRows = { RequestItems: { rows: DURING_RUN } };

  it.each([
    ['an item', request('getItem'), 50 * READ],
    ['an item, consistently', request('getItem', { ConsistentRead: true }), 100 * READ],
    ['an item, consistently or not', request('getItem', { ConsistentRead: DURING_RUN }), 100 * READ],
    ['a page', { ...request('query'), call: 'aws-sdk:dynamodb:query' }, 128 * READ],
    [
      'a page, consistently',
      { ...request('scan', { ConsistentRead: true }), call: 'aws-sdk:dynamodb:scan' },
      256 * READ,
    ],
    ['a write', request('putItem'), 400 * WRITE],
    ['a write into three indexes', request('updateItem', {}, indexes), 7 * 400 * WRITE],
    ['a deletion', request('deleteItem'), 400 * WRITE],
    ['a batch of reads', request('batchGetItem', ofRows), 100 * 100 * READ],
    ['a batch of writes', request('batchWriteItem', ofRows), 25 * 400 * WRITE],
    [
      'a transaction of reads',
      request('transactGetItems', { TransactItems: [{ Get: { TableName: 'rows' } }] }),
      2 * 100 * 100 * READ,
    ],
    [
      'a transaction of writes',
      request('transactWriteItems', { TransactItems: [{ Put: { TableName: 'rows' } }] }),
      2 * 100 * 400 * WRITE,
    ],
    ['provisioned capacity, as if on demand', request('putItem', {}, { BillingMode: 'PROVISIONED' }), 400 * WRITE],
    ['a table by its reference', request('putItem', { TableName: '@{app/Rows}' }), 400 * WRITE],
    ['a table by its ARN', request('putItem', { TableName: 'arn:aws:dynamodb:us-east-1:1:table/rows' }), 400 * WRITE],
    [
      'a table by an ARN of references',
      request('putItem', { TableName: 'arn:aws:dynamodb:@{AWS::Region}:1:table/@{app/Rows}' }),
      400 * WRITE,
    ],
  ])('cost what the greatest items do: %s', (_, parts, expected) => {
    expect(usdOf(parts)).toBeCloseTo(expected, 12);
  });

  it.each([
    ['an unknown table', request('putItem', { TableName: 'other' }), `unmetered-call ${AT}.Arguments.TableName`],
    [
      'a table that a run decides',
      request('putItem', { TableName: DURING_RUN }),
      `run-time-limit ${AT}.Arguments.TableName`,
    ],
    [
      'another class of table',
      request('getItem', {}, { TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
      'unmetered-option app/Rows.Properties.TableClass',
    ],
    [
      'a stream to Kinesis',
      request('putItem', {}, { KinesisStreamSpecification: {} }),
      'unmetered-option app/Rows.Properties.KinesisStreamSpecification',
    ],
    [
      'indexes that are not known',
      request('putItem', {}, { GlobalSecondaryIndexes: DURING_RUN }),
      'run-time-limit app/Rows.Properties.GlobalSecondaryIndexes',
    ],
    [
      'a batch that a run decides',
      request('batchWriteItem', { RequestItems: DURING_RUN }),
      `run-time-limit ${AT}.Arguments.RequestItems`,
    ],
    [
      'an empty batch',
      request('batchWriteItem', { RequestItems: {} }),
      `malformed-definition ${AT}.Arguments.RequestItems`,
    ],
    [
      'a transaction that a run decides',
      request('transactWriteItems', { TransactItems: DURING_RUN }),
      `run-time-limit ${AT}.Arguments.TransactItems`,
    ],
    [
      'an action that a run decides',
      request('transactWriteItems', { TransactItems: [DURING_RUN] }),
      `run-time-limit ${AT}.Arguments.TransactItems[0].TableName`,
    ],
    ['a statement', request('executeStatement'), `unmetered-call ${AT}.Resource`],
  ])('are refused with %s', (_, parts, problem) => {
    expect(problemsOf(parts)).toEqual([problem]);
  });
});

describe('requests to a global table', () => {
  const put = (Replicas: unknown): CallParts => ({
    call: 'dynamodb:putItem',
    arguments: { TableName: '@{app/Rows}' },
    resources: { Rows: { type: 'AWS::DynamoDB::GlobalTable', properties: { Replicas } } },
  });

  it('cost as those to a table where it has one replica', () => {
    expect(usdOf(put([{ Region: 'us-east-1' }]))).toBeCloseTo(400 * 0.000000625, 14);
  });

  it.each([
    ['several replicas', [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }], 'Replicas'],
    ['replicas that are not known', DURING_RUN, 'Replicas'],
    ['another class', [{ Region: 'us-east-1', TableClass: 'STANDARD_INFREQUENT_ACCESS' }], 'Replicas[0].TableClass'],
  ])('are refused with %s', (_, replicas, at) => {
    expect(problemsOf(put(replicas))).toEqual([`unmetered-option app/Rows.Properties.${at}`]);
  });
});

describe('messages', () => {
  const topic = (properties: JsonObject = {}): FakeResource => ({ type: 'AWS::SNS::Topic', properties });
  const publish = (resources: Readonly<Record<string, FakeResource>>): CallParts => ({
    call: 'sns:publish',
    arguments: { TopicArn: '@{app/Topic}', Message: DURING_RUN },
    resources,
  });
  const subscription = (properties: JsonObject): FakeResource => ({
    type: 'AWS::SNS::Subscription',
    properties: { TopicArn: '@{app/Topic}', ...properties },
  });
  const message = 16 * 0.0000005;
  const listener: FakeResource = { type: 'AWS::Lambda::Function', properties: { MemorySize: 1_024, Timeout: 20 } };

  it.each([
    ['alone', { Topic: topic() }, message],
    ['to a queue', { Topic: topic(), A: subscription({ Protocol: 'sqs' }) }, message],
    ['by email', { Topic: topic({ Subscription: [{ Protocol: 'email' }] }) }, message + 0.00002],
    [
      'to a function, all of its tries',
      { Topic: topic(), Fn: listener, A: subscription({ Protocol: 'lambda', Endpoint: '@{app/Fn.Arn}' }) },
      message + 3 * (30 * 0.0000166667 + 0.0000002),
    ],
    [
      'besides another topic',
      { Topic: topic(), A: subscription({ TopicArn: '@{app/Other}', Protocol: 'sms' }) },
      message,
    ],
  ])('cost their chunks and deliveries: %s', (_, resources, expected) => {
    expect(usdOf(publish(resources))).toBeCloseTo(expected, 12);
  });

  it.each([
    [
      'by text message',
      { Topic: topic(), A: subscription({ Protocol: 'sms' }) },
      'unmetered-option app/A.Properties.Protocol',
    ],
    [
      'of a topic that is not known',
      { Topic: topic(), A: subscription({ TopicArn: DURING_RUN, Protocol: 'https' }) },
      'unmetered-option app/A.Properties.Protocol',
    ],
    [
      'to a function elsewhere',
      { Topic: topic(), A: subscription({ Protocol: 'lambda', Endpoint: 'arn:aws:lambda:::function:f' }) },
      'unmetered-call app/A.Properties.Endpoint',
    ],
    ['in order', { Topic: topic({ FifoTopic: true }) }, 'unmetered-option app/Topic.Properties.FifoTopic'],
    ['with an archive', { Topic: topic({ ArchivePolicy: {} }) }, 'unmetered-option app/Topic.Properties.ArchivePolicy'],
    ['of no topic here', {}, `unmetered-call ${AT}.Arguments.TopicArn`],
  ])('are refused %s', (_, resources, problem) => {
    expect(problemsOf(publish(resources))).toEqual([problem]);
  });

  it('to a telephone are refused', () => {
    expect(problemsOf({ call: 'sns:publish', arguments: { PhoneNumber: '+1' } })).toEqual([
      `unmetered-option ${AT}.Arguments.PhoneNumber`,
    ]);
  });

  const send = (properties: JsonObject, call = 'sqs:sendMessage'): CallParts => ({
    call,
    arguments: { QueueUrl: '@{app/Queue}' },
    resources: { Queue: { type: 'AWS::SQS::Queue', properties } },
  });

  it.each([
    ['of the greatest size', send({}), 16],
    ['of a smaller size', send({ MaximumMessageSize: 100_000 }), 2],
    [
      'by its address',
      {
        ...send({ QueueName: 'work' }),
        arguments: { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/work' },
      },
      16,
    ],
    ['in a batch', send({ MaximumMessageSize: 65_536 }, 'aws-sdk:sqs:sendMessageBatch'), 10],
    ['that wait for a token', send({}, 'sqs:sendMessage.waitForTaskToken'), 16],
  ])('to a queue cost a request for each chunk: %s', (_, parts, chunks) => {
    expect(usdOf(parts)).toBeCloseTo(chunks * 0.0000004, 14);
  });

  it('to an ordered queue need its price, and to an unknown queue have none', () => {
    expect(problemsOf({ ...send({ FifoQueue: true }), book: bookWithout('sqs.fifo.request') })).toEqual([
      'missing-price app/Queue.Properties.MaximumMessageSize',
    ]);
    expect(problemsOf({ ...send({}), resources: {} })).toEqual([`unmetered-call ${AT}.Arguments.QueueUrl`]);
  });

  const put = (entries: unknown, resources: Readonly<Record<string, FakeResource>> = {}): CallParts => ({
    call: 'events:putEvents',
    arguments: { Entries: entries },
    resources,
  });
  const rule = (pattern: JsonObject): FakeResource => ({
    type: 'AWS::Events::Rule',
    properties: { EventPattern: pattern },
  });

  it('on a bus cost their chunks, unless a rule may act on them', () => {
    expect(usdOf(put([{}]))).toBeCloseTo(16 * 0.000001, 14);
    expect(usdOf(put([{}, {}, {}]))).toBeCloseTo(18 * 0.000001, 14);
    expect(usdOf(put(DURING_RUN))).toBeCloseTo(25 * 0.000001, 14);
    expect(usdOf(put([{}], { Rule: rule({ source: ['aws.states'] }) }))).toBeCloseTo(16 * 0.000001, 14);
    expect(problemsOf(put([{}], { Rule: rule({ source: ['shop'] }) }))).toEqual([
      'unmetered-option app/Rule.Properties.EventPattern',
    ]);
    expect(problemsOf(put([{}], { Rule: rule({ 'detail-type': ['x'] }) }))).toEqual([
      'unmetered-option app/Rule.Properties.EventPattern',
    ]);
  });
});

describe('a query of Athena', () => {
  const GROUP = 'app/Group.Properties.WorkGroupConfiguration';
  const query = (configuration: JsonObject, given: JsonObject = {}): CallParts => ({
    call: 'athena:startQueryExecution.sync',
    arguments: { QueryString: DURING_RUN, WorkGroup: 'reports', ...given },
    resources: {
      Group: { type: 'AWS::Athena::WorkGroup', properties: { Name: 'reports', WorkGroupConfiguration: configuration } },
    },
  });

  it('costs what its work group lets it scan', () => {
    expect(usdOf(query({ BytesScannedCutoffPerQuery: 200_000_000_000 }))).toBeCloseTo(1, 9);
    expect(usdOf(query({ BytesScannedCutoffPerQuery: 10_000_000, EnforceWorkGroupConfiguration: true }))).toBeCloseTo(
      0.00005,
      12,
    );
  });

  it.each([
    ['no cutoff', query({}), `missing-limit ${GROUP}.BytesScannedCutoffPerQuery`],
    [
      'a cutoff below the least',
      query({ BytesScannedCutoffPerQuery: 1 }),
      `malformed-template ${GROUP}.BytesScannedCutoffPerQuery`,
    ],
    [
      'settings of its own',
      query({ BytesScannedCutoffPerQuery: 1e9, EnforceWorkGroupConfiguration: false }),
      `unmetered-option ${GROUP}.EnforceWorkGroupConfiguration`,
    ],
    ['no work group', query({}, { WorkGroup: undefined }), `missing-limit ${AT}.Arguments.WorkGroup`],
    ['an unknown work group', query({}, { WorkGroup: 'primary' }), `unmetered-call ${AT}.Arguments.WorkGroup`],
    [
      'another catalog',
      query({ BytesScannedCutoffPerQuery: 1e9 }, { QueryExecutionContext: { Catalog: 'lake' } }),
      `unmetered-option ${AT}.Arguments.QueryExecutionContext.Catalog`,
    ],
  ])('is refused with %s', (_, parts, problem) => {
    expect(problemsOf(parts)).toEqual([problem]);
  });
});

describe('other calls', () => {
  it.each([
    ['aws-sdk:s3:getObject', {}, 0.0000004],
    ['aws-sdk:s3:listObjectsV2', {}, 0.000005],
    ['aws-sdk:s3:putObject', {}, 0.000005],
    ['aws-sdk:s3:putObject', { StorageClass: 'STANDARD_IA' }, 0.00001],
    ['aws-sdk:s3:deleteObject', {}, 0],
    ['aws-sdk:glue:getPartitions', {}, 0.000001],
    ['aws-sdk:glue:getJobRun', {}, 0],
    ['aws-sdk:kms:generateDataKey', {}, 0.000003],
    ['aws-sdk:sts:getCallerIdentity', {}, 0],
    ['aws-sdk:sfn:describeExecution', {}, 0],
  ])('%s %j costs one request: $%d', (call, given, expected) => {
    expect(usdOf({ call, arguments: given })).toBeCloseTo(expected, 14);
    expect(usdOf({ call, arguments: given, retries: 5 })).toBeCloseTo(expected, 14);
  });

  it('are priced whatever a run gives them', () => {
    expect(usdOf({ call: 'aws-sdk:s3:getObject', arguments: DURING_RUN })).toBeCloseTo(0.0000004, 14);
    expect(problemsOf({ call: 'aws-sdk:s3:putObject', arguments: DURING_RUN })).toEqual([
      `run-time-limit ${AT}.Arguments.StorageClass`,
    ]);
  });

  it('read standard parameters of the templates for free', () => {
    const read = (properties: JsonObject): CallParts => ({
      call: 'aws-sdk:ssm:getParameter',
      arguments: { Name: '/limits' },
      resources: { P: { type: 'AWS::SSM::Parameter', properties: { Name: '/limits', ...properties } } },
    });
    expect(usdOf(read({}))).toBe(0);
    expect(problemsOf(read({ Tier: 'Advanced' }))).toEqual(['unmetered-option app/P.Properties.Tier']);
    expect(problemsOf({ ...read({}), resources: {} })).toEqual([`unmetered-call ${AT}.Arguments.Name`]);
  });

  it.each([
    'http:invoke',
    'ecs:runTask.sync',
    'batch:submitJob.sync',
    'bedrock:invokeModel',
    'emr-serverless:startJobRun.sync',
    'apigateway:invoke',
    'eks:call',
    'aws-sdk:cloudwatch:putMetricData',
    'aws-sdk:ec2:runInstances',
    'arn:aws:states:us-east-1:123456789012:activity:manual',
    'constructor:toString',
    'nonsense',
  ])('without a meter are refused by their name: %s', (call) => {
    expect(problemsOf({ call })).toEqual([`unmetered-call ${AT}.Resource`]);
  });

  it('without a limit are refused for that', () => {
    expect(problemsOf({ call: 'aws-sdk:glue:startCrawler' })).toEqual([`missing-limit ${AT}.Resource`]);
  });
});

describe('the unit of a price', () => {
  it.each([
    ['1M requests above 1M', 1_000_000n],
    ['1,000 requests', 1_000n],
    ['100k notifications above 1k', 100_000n],
    ['100,000 objects-month above 1M', 100_000n],
    ['request', 1n],
    ['GB-second (first 1,000 GB-hours)', 1n],
    ['TB', 1n],
  ])('%s is for %d', (unit, expected) => {
    expect(unitsPerPrice(unit)).toBe(expected);
  });
});
