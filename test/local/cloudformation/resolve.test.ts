import { describe, expect, test } from 'vitest';
import { resolveStacks } from '../../../local/cloudformation/resolve.ts';
import type { JsonValue, StackTemplate, Template } from '../../../local/cloudformation/template.ts';

const PLACE = { partition: 'aws', account: '000000000000', region: 'us-east-1' };

/** A place in a text that Fn::Sub fills. */
const hole = (name: string): string => `\${${name}}`;

const stack = (template: Template, name = 'one'): StackTemplate => ({ stack: name, template });

/** A stack with one resource whose property is the expression. */
const withProperty = (expression: JsonValue, more: Template = {}): StackTemplate =>
  stack({
    ...more,
    Resources: { ...more.Resources, Subject: { Type: 'AWS::SNS::Topic', Properties: { P: expression } } },
  });

function propertyOf(expression: JsonValue, more: Template = {}): JsonValue | undefined {
  const { value, diagnostics } = resolveStacks([withProperty(expression, more)], PLACE);
  expect(diagnostics).toEqual([]);
  return value?.find(({ logicalId }) => logicalId === 'Subject')?.properties['P'];
}

const messagesOf = (...stacks: readonly StackTemplate[]): readonly string[] =>
  resolveStacks(stacks, PLACE).diagnostics.map(({ at, message }) => `${at}: ${message}`);

describe('intrinsics', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['joins', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-us-east-1-1'],
    ['splits and selects', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['substitutes', { 'Fn::Sub': `x-${hole('AWS::AccountId')}-${hole('!Kept')}` }, `x-000000000000-${hole('Kept')}`],
    [
      'substitutes its own names',
      { 'Fn::Sub': [`${hole('A')}.${hole('Key.Arn')}`, { A: 'b' }] },
      'b.arn:aws:kms:us-east-1:000000000000:key/one-Key',
    ],
    ['chooses', { 'Fn::If': ['IsHere', 'yes', 'no'] }, 'yes'],
    ['looks up', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'v'],
    ['leaves out what has no value', [{ Ref: 'AWS::NoValue' }, 'x'], ['x']],
    [
      'keeps conditions of policies',
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    ['reads parameters by their default', { Ref: 'Parameter' }, 'given'],
  ])('%s', (_, expression, expected) => {
    const more: Template = {
      Parameters: { Parameter: { Type: 'String', Default: 'given' } },
      Mappings: { M: { 'us-east-1': { k: 'v' } } },
      Conditions: {
        IsHere: {
          'Fn::And': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, { 'Fn::Not': [{ Condition: 'IsNot' }] }],
        },
        IsNot: { 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'c'] }] },
      },
      Resources: { Key: { Type: 'AWS::KMS::Key' } },
    };
    expect(propertyOf(expression, more)).toEqual(expected);
  });

  test('a resource whose condition is false is not there', () => {
    const template: Template = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Gone: { Type: 'AWS::KMS::Key', Condition: 'Never' } },
    };
    expect(resolveStacks([stack(template)], PLACE).value).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    ['AWS::S3::Bucket', { BucketName: 'lake' }, 'lake', 'arn:aws:s3:::lake'],
    ['AWS::S3::Bucket', {}, 'one-subject', 'arn:aws:s3:::one-subject'],
    ['AWS::IAM::Role', {}, 'one-Subject', 'arn:aws:iam::000000000000:role/one-Subject'],
    [
      'AWS::Lambda::Function',
      { FunctionName: 'admit' },
      'admit',
      'arn:aws:lambda:us-east-1:000000000000:function:admit',
    ],
    [
      'AWS::StepFunctions::StateMachine',
      { StateMachineName: 'm' },
      'm',
      'arn:aws:states:us-east-1:000000000000:stateMachine:m',
    ],
    ['AWS::Glue::Job', { Name: 'ingest' }, 'ingest', 'arn:aws:glue:us-east-1:000000000000:job/ingest'],
    ['AWS::Glue::Table', { TableInput: { Name: 'flights' } }, 'flights', undefined],
  ])('%s with %j is called %s', (type, properties, name, arn) => {
    const template: Template = { Resources: { Subject: { Type: type, Properties: properties } } };
    expect(resolveStacks([stack(template)], PLACE).value).toMatchObject([{ name, arn }]);
  });

  test('follow exports across stacks, whatever their order', () => {
    const exporting: Template = {
      Resources: {
        Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `lake-${hole('AWS::AccountId')}` } } },
      },
      Outputs: { Lake: { Value: { 'Fn::GetAtt': ['Lake', 'Arn'] }, Export: { Name: 'storage:Lake' } } },
    };
    const importing = withProperty({ 'Fn::ImportValue': 'storage:Lake' });

    const { value } = resolveStacks([importing, stack(exporting, 'storage')], PLACE);

    expect(value?.[0]?.properties).toEqual({ P: 'arn:aws:s3:::lake-000000000000' });
  });
});

describe('what cannot be resolved', () => {
  test('is reported by name, all of it at once', () => {
    const template: Template = {
      Resources: {
        A: { Type: 'AWS::SNS::Topic', Properties: { P: { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] } } },
        B: { Type: 'AWS::SNS::Topic', Properties: { P: [{ Ref: 'Nobody' }, { 'Fn::GetAtt': ['Fleet', 'Arn'] }] } },
        C: { Type: 'AWS::SNS::Topic', Properties: { P: { 'Fn::GetAtt': ['A', 'Color'] } } },
        D: { Type: 'AWS::SNS::Topic', Properties: { P: { 'Fn::ImportValue': 'elsewhere' } } },
        Fleet: { Type: 'AWS::EC2::Instance' },
      },
    };

    expect(messagesOf(stack(template))).toEqual([
      'one.A.P: Fn::Cidr is not resolved on the laptop',
      'one.B.P[0].Ref: nothing in the template is called Nobody',
      'one.B.P[1].Fn::GetAtt: Fleet refers to AWS::EC2::Instance, which has no local name',
      'one.C.P.Fn::GetAtt: attribute Color of AWS::SNS::Topic is not known on the laptop',
      'one.D.P.Fn::ImportValue: no stack of the assembly exports elsewhere',
    ]);
  });

  test('is a circle', () => {
    const template: Template = {
      Resources: {
        A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['B', 'TopicName'] } } },
        B: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::GetAtt': ['A', 'TopicName'] } } },
      },
    };
    expect(messagesOf(stack(template)).join()).toContain('refers to itself');
  });
});
