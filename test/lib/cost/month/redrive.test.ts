import { describe, expect, test } from 'vitest';
import { redriveDiagnostics } from '../../../../lib/cost/month/redrive.ts';
import { contextOf, MACHINE, type Resources, roleOf } from './context-of.ts';

const found = (resources: Resources) =>
  redriveDiagnostics(contextOf({ Machine: MACHINE, ...resources })).map(({ at }) => at);

const allow = (Action: string, Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource });
const deny = { Effect: 'Deny', Action: 'states:RedriveExecution', Resource: '*' };
const AT = 'app/Role.Properties.Policies[0].PolicyDocument.Statement[0]';

describe('a statement that lets a role redrive', () => {
  test.each([
    ['states:RedriveExecution', '*'],
    ['states:redrive*', '*'],
    ['states:*', 'arn:aws:states:us-east-1:111122223333:execution:nightly:*'],
    ['*', 'arn:aws:states:*'],
  ])('is found: %s on %s', (action, resource) => {
    expect(found({ Role: roleOf('lambda', [allow(action, resource)]) })).toEqual([AT]);
  });

  test('is found as the CDK grants it', () => {
    const name = { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Machine' }] }] };
    const resource = { 'Fn::Join': ['', ['arn:aws:states:us-east-1:111122223333:execution:', name, ':*']] };
    expect(found({ Role: roleOf('lambda', [allow('states:RedriveExecution', resource)]) })).toEqual([AT]);
  });

  test('is found where it excludes other actions only', () => {
    expect(found({ Role: roleOf('lambda', [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }]) })).toEqual([AT]);
    const excluded = { Effect: 'Allow', NotAction: 'states:Redrive*', Resource: '*' };
    expect(found({ Role: roleOf('lambda', [excluded]) })).toEqual([]);
  });

  test('is found in policies that are attached', () => {
    const document = { PolicyDocument: { Statement: [allow('states:*')] } };
    const roles = { Roles: [{ Ref: 'Role' }] };
    const policy = { Type: 'AWS::IAM::Policy', Properties: { ...document, ...roles } };
    const managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: document };
    const admin = {
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    };
    expect(found({ Role: roleOf('lambda'), Policy: policy })).toEqual([
      'app/Policy.Properties.PolicyDocument.Statement[0]',
    ]);
    expect(found({ Managed: managed })).toEqual(['app/Managed.Properties.PolicyDocument.Statement[0]']);
    expect(found({ Admin: admin })).toEqual(['app/Admin.Properties.ManagedPolicyArns[0]']);
  });
});

describe('nobody may redrive', () => {
  test.each([
    ['states:StartExecution', '*'],
    ['*', 'arn:aws:s3:::bucket/*'],
    ['states:*', { Ref: 'Machine' }],
    ['states:*', 'arn:aws:states:us-east-1:111122223333:stateMachine:nightly'],
  ])('with %s on %j', (action, resource) => {
    expect(found({ Role: roleOf('lambda', [allow(action, resource)]) })).toEqual([]);
  });

  test('but Step Functions itself, for the distributed Maps of an execution that somebody else redrives', () => {
    const statement = allow('states:RedriveExecution', 'arn:aws:states:us-east-1:111122223333:execution:nightly/*:*');
    expect(found({ Role: roleOf('states', [statement]) })).toEqual([]);
    expect(found({ Role: roleOf('states.us-east-1', [statement]) })).toEqual([]);
    expect(found({ Role: roleOf('states', [statement]), Other: roleOf('lambda', [statement]) })).toHaveLength(1);
    const trusted = { Statement: [{ Principal: { Service: ['states.amazonaws.com', 'lambda.amazonaws.com'] } }] };
    const { Properties, ...role } = roleOf('states', [statement]);
    expect(found({ Role: { ...role, Properties: { ...Properties, AssumeRolePolicyDocument: trusted } } })).toEqual([
      AT,
    ]);
    const people = { Statement: [{ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }] };
    expect(found({ Role: { ...role, Properties: { ...Properties, AssumeRolePolicyDocument: people } } })).toEqual([AT]);
  });

  test('where the same role is denied it', () => {
    expect(found({ Role: roleOf('lambda', [allow('states:*'), deny]) })).toEqual([]);
    const policy = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: [deny] }, Roles: [{ Ref: 'Role' }] },
    };
    expect(found({ Role: roleOf('lambda', [allow('states:*')]), Policy: policy })).toEqual([]);
  });

  test('where a boundary denies it, which itself grants nothing', () => {
    const boundary = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [allow('*'), deny] } },
    };
    const role = roleOf('lambda', [allow('states:*')]);
    const bounded = { ...role, Properties: { ...role.Properties, PermissionsBoundary: { Ref: 'Boundary' } } };
    expect(found({ Boundary: boundary, Role: bounded })).toEqual([]);
    expect(found({ Boundary: boundary, Role: role })).toEqual([AT]);
  });

  test('where a managed policy of the templates is attached by its ARN', () => {
    const managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow('*')] } } };
    const role = roleOf('lambda', [deny]);
    const attached = { ...role, Properties: { ...role.Properties, ManagedPolicyArns: [{ Ref: 'Managed' }] } };
    expect(found({ Managed: managed, Role: attached })).toEqual([]);
  });

  test('but a deny with a condition, or of another role, does not count', () => {
    const conditional = { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(found({ Role: roleOf('lambda', [allow('states:*'), conditional]) })).toEqual([AT]);
    expect(found({ Role: roleOf('lambda', [allow('states:*')]), Other: roleOf('lambda', [deny]) })).toEqual([AT]);
  });
});

test('without a state machine there is nothing to redrive', () => {
  expect(redriveDiagnostics(contextOf({ Role: roleOf('lambda', [allow('*')]) }))).toEqual([]);
});
