import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseTemplate } from '../../../lib/constructs/normalise-template.ts';

const hash = (digit: string): string => digit.repeat(64);

describe('normaliseTemplate', () => {
  it('masks asset hashes, the same asset by the same mark', () => {
    const template = { A: `s3://assets/${hash('a')}.zip`, B: hash('b'), C: hash('a') };

    expect(normaliseTemplate(template)).toEqual({ A: 's3://assets/<asset 1>.zip', B: '<asset 2>', C: '<asset 1>' });
  });

  it('gives the same for templates that differ in hashes and in the order of keys only', () => {
    const one = { Code: { S3Key: `${hash('a')}.zip` }, Name: 'x' };
    const other = { Name: 'x', Code: { S3Key: `${hash('c')}.zip` } };

    expect(JSON.stringify(normaliseTemplate(one))).toBe(JSON.stringify(normaliseTemplate(other)));
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
