import { describe, expect, test } from 'vitest';
import { billingOf } from '../../../../lib/cost/month/resource-types.ts';
import { boundStanding } from '../../../../lib/cost/month/standing-charges.ts';
import { usd } from '../../../../lib/units/usd.ts';
import { contextOf, type Resources } from './context-of.ts';

const standing = (resources: Resources) => boundStanding(contextOf(resources));

const one = (Type: string, Properties: object = {}) => standing({ It: { Type, Properties } });

describe('a month of', () => {
  const metric = (Period: number) => ({ MetricStat: { Metric: { MetricName: 'm' }, Period, Stat: 'Sum' } });

  test.each([
    ['AWS::KMS::Key', {}, '1'],
    ['AWS::KMS::Key', { EnableKeyRotation: false }, '1'],
    ['AWS::KMS::Key', { EnableKeyRotation: true }, '3'],
    ['AWS::SecretsManager::Secret', {}, '0.4'],
    ['AWS::SecretsManager::Secret', { ReplicaRegions: [{ Region: 'eu-west-1' }] }, '0.8'],
    ['AWS::CloudWatch::Alarm', { MetricName: 'm', Period: 60 }, '0.1'],
    ['AWS::CloudWatch::Alarm', { Metrics: [metric(60), metric(300), { Expression: 'm1 + m2' }] }, '0.2'],
    ['AWS::CloudWatch::Alarm', { Metrics: [metric(60), { Expression: 'ANOMALY_DETECTION_BAND(m1, 2)' }] }, '0.3'],
    ['AWS::CloudWatch::CompositeAlarm', {}, '0.5'],
    ['AWS::CloudWatch::Dashboard', {}, '3'],
    ['AWS::EC2::EIP', {}, '3.72'],
    ['AWS::EC2::NatGateway', {}, '33.48'],
    ['AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b'] }, '14.88'],
    ['AWS::EC2::VPCEndpoint', {}, '0'],
    ['AWS::Logs::MetricFilter', { MetricTransformations: [{ MetricName: 'errors' }] }, '0.3'],
    ['AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' }, '0'],
    ['AWS::DynamoDB::GlobalTable', { BillingMode: 'PAY_PER_REQUEST', Replicas: [{ Region: 'us-east-1' }] }, '0'],
    ['AWS::IAM::Role', {}, '0'],
    ['AWS::Glue::Trigger', { Type: 'ON_DEMAND' }, '0'],
    ['AWS::StepFunctions::StateMachineVersion', { StateMachineArn: 'arn' }, '0'],
    ['Custom::S3AutoDeleteObjects', {}, '0'],
  ])('%s %j costs $%s', (type, properties, amount) => {
    const { node, diagnostics } = one(type, properties);
    expect(diagnostics).toEqual([]);
    expect(node.usd).toBe(usd(amount));
  });

  test('actions is billed once for each budget', () => {
    const action = (BudgetName: object | string) => ({
      Type: 'AWS::Budgets::BudgetsAction',
      Properties: { BudgetName },
    });
    const { node } = standing({
      First: action({ Ref: 'Budget' }),
      Second: action({ Ref: 'Budget' }),
      Third: action('other'),
      Budget: { Type: 'AWS::Budgets::Budget', Properties: {} },
    });
    expect(node.usd).toBe(usd('6.2'));
  });
});

describe('refused', () => {
  test.each([
    ['AWS::EC2::Instance', {}, 'unmetered-resource app/It'],
    ['AWS::SageMaker::Endpoint', {}, 'unmetered-resource app/It'],
    ['AWS::SageMaker::TrainingJob', {}, 'unmetered-resource app/It'],
    ['AWS::CloudFormation::Stack', {}, 'unmetered-resource app/It'],
    ['AWS::Pipes::Pipe', {}, 'unmetered-resource app/It'],
    ['AWS::Glue::Trigger', { Type: 'SCHEDULED' }, 'unmetered-resource app/It.Properties.Type'],
    [
      'AWS::Glue::Crawler',
      { Schedule: { ScheduleExpression: 'cron(0 4 * * ? *)' } },
      'unmetered-resource app/It.Properties.Schedule',
    ],
    ['AWS::SSM::Parameter', { Tier: 'Advanced' }, 'unmetered-option app/It.Properties.Tier'],
    [
      'AWS::EC2::VPCEndpoint',
      { VpcEndpointType: 'GatewayLoadBalancer' },
      'unmetered-option app/It.Properties.VpcEndpointType',
    ],
    ['AWS::CloudWatch::Alarm', { MetricName: 'm', Period: 10 }, 'missing-price app/It.Properties'],
    [
      'AWS::CloudWatch::Alarm',
      { Metrics: [{ Expression: 'SELECT MAX(CPU) FROM SCHEMA(x)' }] },
      'unmetered-option app/It.Properties.Metrics[0].Expression',
    ],
    [
      'AWS::Lambda::Version',
      { FunctionName: 'f', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } },
      'unmetered-option app/It.Properties.ProvisionedConcurrencyConfig',
    ],
  ])('%s %j', (type, properties, problem) => {
    const { node, diagnostics } = one(type, properties);
    expect(diagnostics.map(({ code, at }) => `${code} ${at}`)).toEqual([problem]);
    expect(node.usd).toBe(0n);
  });

  test.each<readonly [string, object, string]>([
    ['AWS::CertificateManager::Certificate', { CertificateExport: 'ENABLED' }, 'CertificateExport'],
    ['AWS::CertificateManager::Certificate', { CertificateAuthorityArn: 'arn' }, 'CertificateAuthorityArn'],
    ['AWS::Logs::AccountPolicy', { PolicyType: 'DATA_PROTECTION_POLICY' }, 'PolicyType'],
    ['AWS::S3::Bucket', { MetadataConfiguration: {} }, 'MetadataConfiguration'],
    [
      'AWS::S3::Bucket',
      { ReplicationConfiguration: { Rules: [{}, { Destination: { ReplicationTime: { Status: 'Enabled' } } }] } },
      'ReplicationConfiguration.Rules[1].Destination.ReplicationTime',
    ],
    [
      'AWS::DynamoDB::GlobalTable',
      { BillingMode: 'PAY_PER_REQUEST', Replicas: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }] },
      'Replicas',
    ],
    ['AWS::DynamoDB::GlobalTable', { Replicas: [{ Region: 'us-east-1' }] }, 'BillingMode'],
    [
      'AWS::DynamoDB::GlobalTable',
      { BillingMode: 'PAY_PER_REQUEST', Replicas: [{ KinesisStreamSpecification: {} }] },
      'Replicas[0].KinesisStreamSpecification',
    ],
    ['AWS::Lambda::Url', { TargetFunctionArn: 'work', InvokeMode: 'RESPONSE_STREAM' }, 'InvokeMode'],
    ['AWS::SNS::Topic', { DataProtectionPolicy: {} }, 'DataProtectionPolicy'],
    ['AWS::SNS::Topic', { ArchivePolicy: { MessageRetentionPeriod: 30 } }, 'ArchivePolicy'],
    ['AWS::SageMaker::ModelPackage', { ValidationSpecification: {} }, 'ValidationSpecification'],
    [
      'AWS::DynamoDB::Table',
      { BillingMode: 'PAY_PER_REQUEST', WarmThroughput: { ReadUnitsPerSecond: 12_001 } },
      'WarmThroughput',
    ],
    [
      'AWS::DynamoDB::Table',
      {
        BillingMode: 'PAY_PER_REQUEST',
        GlobalSecondaryIndexes: [
          { ContributorInsightsSpecification: { Enabled: false } },
          { ContributorInsightsSpecification: { Enabled: true } },
        ],
      },
      'GlobalSecondaryIndexes[1].ContributorInsightsSpecification.Enabled',
    ],
  ])('an option that bills more: %s %j', (type, properties, option) => {
    const { diagnostics } = one(type, properties);
    expect(diagnostics.map(({ code, at }) => `${code} ${at}`)).toEqual([
      `unmetered-option app/It.Properties.${option}`,
    ]);
  });

  test('a NAT gateway that grows to other zones, and capacity of a dearer class', () => {
    const optionsOf = (type: string, properties: object): readonly string[] =>
      one(type, properties)
        .diagnostics.filter(({ code }) => code === 'unmetered-option')
        .map(({ at }) => at);
    expect(optionsOf('AWS::EC2::NatGateway', { AvailabilityMode: 'zonal' })).toEqual([]);
    expect(optionsOf('AWS::EC2::NatGateway', { AvailabilityMode: 'regional' })).toEqual([
      'app/It.Properties.AvailabilityMode',
    ]);
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    const table = { ProvisionedThroughput, TableClass: 'STANDARD_INFREQUENT_ACCESS' };
    expect(optionsOf('AWS::DynamoDB::Table', table)).toEqual(['app/It.Properties.TableClass']);
    expect(optionsOf('AWS::DynamoDB::Table', { ...table, BillingMode: 'PAY_PER_REQUEST' })).toEqual([]);
  });

  test('provisioned capacity without a price, the capacity of indexes too', () => {
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    const table = { ProvisionedThroughput, GlobalSecondaryIndexes: [{ IndexName: 'i', ProvisionedThroughput }] };
    const { diagnostics } = one('AWS::DynamoDB::Table', table);
    expect(diagnostics.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => 'missing-price'));
  });
});

test('what a condition decides counts as the dearest', () => {
  const context = contextOf(
    { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: { Ref: 'Rotate' } } } },
    { Rotate: { Type: 'String', AllowedValues: ['true', 'false'] } },
  );
  expect(boundStanding(context).node.usd).toBe(usd('3'));
});

test('a type is known or it is not', () => {
  expect(billingOf('AWS::StepFunctions::StateMachine')).toBe('metered');
  expect(billingOf('AWS::S3::Bucket')).toBe('declared');
  expect(billingOf('AWS::Lambda::LayerVersion')).toBe('free');
  expect(billingOf('AWS::RDS::DBInstance')).toBeUndefined();
});
