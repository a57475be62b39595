import type { DeploymentPlace } from './template.ts';

/** What a resource is called once deployed: enough to answer `Ref` and `Fn::GetAtt`. */
export interface ResourceIdentity {
  /** The name that API calls use. */
  readonly name: string;
  readonly ref: string;
  readonly arn: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

interface IdentityKind {
  /** Path of the property that names the resource; without it, or where it is absent, stack and logical id do. */
  readonly namePath: readonly string[];
  readonly identify: (name: string, place: DeploymentPlace) => ResourceIdentity;
}

type ArnOf = (name: string, place: DeploymentPlace) => string;

const regional =
  (service: string, resource: (name: string) => string): ArnOf =>
  (name, { partition, region, account }) =>
    `arn:${partition}:${service}:${region}:${account}:${resource(name)}`;
const global =
  (service: string, resource: (name: string) => string): ArnOf =>
  (name, { partition, account }) =>
    `arn:${partition}:${service}::${account}:${resource(name)}`;

/** `Ref` is the name; the ARN is the named attributes. */
function named(nameProperty: string, arnOf: ArnOf, ...arnAttributes: readonly string[]): IdentityKind {
  return {
    namePath: [nameProperty],
    identify: (name, place) => {
      const arn = arnOf(name, place);
      return {
        name,
        ref: name,
        arn,
        attributes: Object.fromEntries(arnAttributes.map((attribute) => [attribute, arn])),
      };
    },
  };
}

/** `Ref` is the ARN, and so are the named attributes. */
function referredByArn(nameProperty: string, arnOf: ArnOf, ...arnAttributes: readonly string[]): IdentityKind {
  const kind = named(nameProperty, arnOf, ...arnAttributes);
  return {
    ...kind,
    identify: (name, place) => {
      const identity = kind.identify(name, place);
      return { ...identity, ref: arnOf(name, place), attributes: { ...identity.attributes, Name: name } };
    },
  };
}

/** Policies and the like: nothing but a physical id. */
const inert = (...namePath: readonly string[]): IdentityKind => ({
  namePath,
  identify: (name) => ({ name, ref: name, arn: undefined, attributes: {} }),
});

const bucket: IdentityKind = {
  namePath: ['BucketName'],
  identify: (generated, { partition, region }) => {
    const name = generated.toLowerCase();
    const arn = `arn:${partition}:s3:::${name}`;
    const attributes = {
      Arn: arn,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    };
    return { name, ref: name, arn, attributes };
  },
};

const key: IdentityKind = {
  namePath: [],
  identify: (name, place) => {
    const arn = regional('kms', (id) => `key/${id}`)(name, place);
    return { name, ref: name, arn, attributes: { Arn: arn, KeyId: name } };
  },
};

const topic: IdentityKind = {
  namePath: ['TopicName'],
  identify: (name, place) => {
    const arn = regional('sns', (topicName) => topicName)(name, place);
    return { name, ref: arn, arn, attributes: { TopicArn: arn, TopicName: name } };
  },
};

const queue: IdentityKind = {
  namePath: ['QueueName'],
  identify: (name, place) => {
    const arn = regional('sqs', (queueName) => queueName)(name, place);
    const url = `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`;
    return { name, ref: url, arn, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
};

/**
 * Types whose identity something may refer to; a reference to any other type is refused by name.
 * Source: the "Return values" of each type's page below
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html (2026-11-20)
 */
const KINDS: Readonly<Record<string, IdentityKind>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': inert(),
  'AWS::KMS::Key': key,
  'AWS::KMS::Alias': inert('AliasName'),
  'AWS::IAM::Role': named(
    'RoleName',
    global('iam', (name) => `role/${name}`),
    'Arn',
  ),
  'AWS::IAM::Policy': inert('PolicyName'),
  'AWS::IAM::ManagedPolicy': referredByArn(
    'ManagedPolicyName',
    global('iam', (name) => `policy/${name}`),
    'PolicyArn',
  ),
  'AWS::Lambda::Function': named(
    'FunctionName',
    regional('lambda', (name) => `function:${name}`),
    'Arn',
  ),
  'AWS::Lambda::Permission': inert(),
  'AWS::Glue::Job': named(
    'Name',
    regional('glue', (name) => `job/${name}`),
  ),
  'AWS::Glue::Database': inert('DatabaseInput', 'Name'),
  'AWS::Glue::Table': inert('TableInput', 'Name'),
  'AWS::Glue::SecurityConfiguration': inert('Name'),
  'AWS::StepFunctions::StateMachine': referredByArn(
    'StateMachineName',
    regional('states', (name) => `stateMachine:${name}`),
    'Arn',
  ),
  'AWS::Logs::LogGroup': named(
    'LogGroupName',
    regional('logs', (name) => `log-group:${name}:*`),
    'Arn',
  ),
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': inert(),
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': inert(),
  'AWS::Events::Rule': named(
    'Name',
    regional('events', (name) => `rule/${name}`),
    'Arn',
  ),
  'AWS::Scheduler::Schedule': named(
    'Name',
    regional('scheduler', (name) => `schedule/default/${name}`),
    'Arn',
  ),
  'AWS::Scheduler::ScheduleGroup': named(
    'Name',
    regional('scheduler', (name) => `schedule-group/${name}`),
    'Arn',
  ),
  'AWS::SageMaker::ModelPackageGroup': referredByArn(
    'ModelPackageGroupName',
    regional('sagemaker', (name) => `model-package-group/${name}`),
    'ModelPackageGroupArn',
  ),
  'AWS::Budgets::Budget': inert(),
  'AWS::Budgets::BudgetsAction': inert(),
  'AWS::CloudWatch::Alarm': named(
    'AlarmName',
    regional('cloudwatch', (name) => `alarm:${name}`),
    'Arn',
  ),
  'AWS::SSM::Parameter': inert('Name'),
};

export const identityKindOf = (type: string): IdentityKind | undefined => KINDS[type];
