import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../lib/iam/evaluate.ts';

const BUCKET = 'arn:aws:s3:::lake';
const read = { action: 's3:GetObject', resource: `${BUCKET}/raw/2001-01-05/a.csv`, context: {} };

const policy = (...statements: readonly unknown[]) => [
  { name: 'Calls', document: { Version: '2012-10-17', Statement: statements } },
];

const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('evaluate', () => {
  it.each([
    ['the action and resource themselves', 's3:GetObject', read.resource],
    ['a pattern over objects, slashes included', 's3:GetObject', `${BUCKET}/raw/*`],
    ['a pattern over actions', 's3:Get*', `${BUCKET}/*`],
    ['an action in other case', 'S3:getobject', `${BUCKET}/*`],
    ['one character for one', 's3:GetObject', `${BUCKET}/raw/2001-01-0?/a.csv`],
    ['one of several', ['s3:PutObject', 's3:GetObject'], ['arn:aws:s3:::other/*', `${BUCKET}/*`]],
  ])('allows what a statement names by %s', (_, action, resource) => {
    expect(evaluate(policy(allow(action, resource)), read)).toEqual({ effect: 'Allow', decidedBy: 'Calls/0' });
  });

  it.each([
    ['another action', 's3:PutObject', `${BUCKET}/*`],
    ['another prefix', 's3:GetObject', `${BUCKET}/curated/*`],
    ['the bucket only', 's3:GetObject', BUCKET],
    ['the resource in other case', 's3:GetObject', `${BUCKET}/RAW/*`],
    ['a beginning without a star', 's3:GetObject', `${BUCKET}/raw/`],
    ['a dot that is no wildcard', 's3:GetObject', `${BUCKET}/raw/2001.01.05/a.csv`],
  ])('denies what only %s would allow', (_, action, resource) => {
    expect(evaluate(policy(allow(action, resource)), read)).toEqual({
      effect: 'Deny',
      decidedBy: null,
      reason: `is not authorized to perform: s3:GetObject on resource: ${read.resource} because no identity-based policy allows the s3:GetObject action`,
    });
  });

  it('lets an explicit deny win wherever it stands, and names it', () => {
    const denial = { Sid: 'NoRaw', Effect: 'Deny', Action: 's3:*', Resource: `${BUCKET}/raw/*` };

    const decision = evaluate(policy(allow('s3:*', '*'), denial), read);

    expect(decision).toMatchObject({ effect: 'Deny', decidedBy: 'Calls/NoRaw' });
    expect(decision).toMatchObject({ reason: expect.stringContaining('explicit deny') });
  });

  it('reads a document with a single statement', () => {
    const document = { Statement: allow('s3:GetObject', '*') };

    expect(evaluate([{ name: 'Inline', document }], read)).toMatchObject({ effect: 'Allow', decidedBy: 'Inline/0' });
  });

  it.each([
    ['StringEquals', { 'iam:PassedToService': 'sagemaker.amazonaws.com' }, 'Allow'],
    ['StringEquals', { 'iam:PassedToService': ['glue.amazonaws.com', 'sagemaker.amazonaws.com'] }, 'Allow'],
    ['StringEquals', { 'IAM:passedtoservice': 'sagemaker.amazonaws.com' }, 'Allow'],
    ['StringEquals', { 'iam:PassedToService': 'sagemaker.*' }, 'Deny'],
    ['StringLike', { 'iam:PassedToService': 'sagemaker.*' }, 'Allow'],
    ['StringEquals', { 'aws:SourceAccount': '000000000000' }, 'Deny'],
    ['Bool', { 'aws:SecureTransport': true }, 'Allow'],
    ['Bool', { 'aws:SecureTransport': 'false' }, 'Deny'],
  ])('checks %s %j against the context: %s', (operator, keys, effect) => {
    const request = {
      action: 'iam:PassRole',
      resource: 'arn:aws:iam::000000000000:role/jobs',
      context: { 'iam:PassedToService': 'sagemaker.amazonaws.com', 'aws:SecureTransport': 'true' },
    };

    const statement = allow('iam:PassRole', '*', { Condition: { [operator]: keys } });

    expect(evaluate(policy(statement), request).effect).toBe(effect);
  });

  it.each([
    [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }, 'NotAction'],
    [{ Effect: 'Allow', Action: 's3:*', NotResource: '*' }, 'NotResource'],
    [allow('s3:*', '*', { Condition: { NumericLessThan: { 's3:max-keys': 10 } } }), 'condition NumericLessThan'],
    [allow('s3:*', '*', { Condition: { StringEqualsIfExists: { a: 'b' } } }), 'condition StringEqualsIfExists'],
    [allow('s3:*', '*', { Principal: '*' }), 'Principal'],
    [allow('s3:*', `${BUCKET}/\${aws:username}/*`), 'policy variable'],
    [{ Effect: 'Permit', Action: '*', Resource: '*' }, 'Effect "Permit"'],
    [allow({ Ref: 'Action' }, '*'), 'Action {"Ref":"Action"}'],
    ['s3:*', '"s3:*" in place of an object'],
  ])('refuses %j by name', (statement, name) => {
    expect(() => evaluate(policy(statement), read)).toThrow(
      expect.objectContaining({ code: 'unsupported-policy', message: expect.stringContaining(name) }),
    );
  });
});
