import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseTemplate } from '../../../lib/constructs/normalise-template.ts';

const hash = (digit: string): string => digit.repeat(64);

describe('normaliseTemplate', () => {
  it('masks asset hashes wherever they are', () => {
    const template = { A: `s3://assets/${hash('a')}.zip`, [hash('b')]: [hash('c')] };

    expect(normaliseTemplate(template)).toEqual({ A: 's3://assets/<asset>.zip', '<asset>': ['<asset>'] });
  });

  it('gives the same for templates that differ in hashes and in the order of keys only', () => {
    const one = { Code: { S3Key: `${hash('a')}.zip` }, Name: 'x' };
    const other = { Name: 'x', Code: { S3Key: `${hash('c')}.zip` } };

    expect(JSON.stringify(normaliseTemplate(one))).toBe(JSON.stringify(normaliseTemplate(other)));
  });

  it('gives the same for resources of a policy that are sorted by their hashes', () => {
    const policy = (archive: string, script: string) => ({
      Resource: [`s3/${archive}.zip`, `s3/${script}.py`].toSorted(),
    });

    expect(normaliseTemplate(policy(hash('a'), hash('b')))).toEqual(normaliseTemplate(policy(hash('b'), hash('a'))));
  });

  it('shows a definition as JSON with its references', () => {
    const join = ['', ['{"Run":"', { 'Fn::GetAtt': ['Function', 'Arn'] }, '","In":"', { Ref: 'AWS::Region' }, '"}']];

    expect(normaliseTemplate({ DefinitionString: { 'Fn::Join': join } })).toEqual({
      DefinitionString: { Run: '<Function.Arn>', In: '<AWS::Region>' },
    });
  });

  it('changes nothing else, and nothing twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (template) => {
        const once = normaliseTemplate(template);

        expect(once).toEqual(template);
        expect(JSON.stringify(normaliseTemplate(once))).toBe(JSON.stringify(once));
      }),
    );
  });
});
