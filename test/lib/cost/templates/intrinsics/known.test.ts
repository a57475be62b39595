// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and DefinitionSubstitutions replace
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../app-under-test.ts';

const MAPPINGS = { Sizes: { 'eu-west-1': { workers: '5', types: ['G.1X', 'G.2X'] }, 'us-east-1': { workers: '9' } } };
const ARN = { 'Fn::GetAtt': ['Queue', 'Arn'] };

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['a resource', { Ref: 'Queue' }, '@{app/Queue}'],
    ['the region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['the stack name', { Ref: 'AWS::StackName' }, 'app'],
    ['the stack id', { Ref: 'AWS::StackId' }, '@{app/AWS::StackId}'],
    ['no value', { Ref: 'AWS::NoValue' }, undefined],
    ['no value in a list', ['a', { Ref: 'AWS::NoValue' }, 'b'], ['a', 'b']],
    ['no value in an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['an attribute', ARN, '@{app/Queue.Arn}'],
    ['an attribute as text', { 'Fn::GetAtt': 'Queue.Arn' }, '@{app/Queue.Arn}'],
    ['an attribute of an attribute', { 'Fn::GetAtt': 'Queue.Outputs.Name' }, '@{app/Queue.Outputs.Name}'],
    ['joined texts', { 'Fn::Join': ['-', ['a', 1, true, { Ref: 'Queue' }]] }, 'a-1-true-@{app/Queue}'],
    ['joined without what is absent', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a,b'],
    [
      'substituted names',
      { 'Fn::Sub': '${AWS::Region}/${Queue}/${Queue.Arn}' },
      'eu-west-1/@{app/Queue}/@{app/Queue.Arn}',
    ],
    [
      'substituted variables',
      { 'Fn::Sub': ['${a}+${a}=${b.c}', { a: 1, 'b.c': { Ref: 'AWS::Region' } }] },
      '1+1=eu-west-1',
    ],
    ['a literal ${}', { 'Fn::Sub': '${!Name} $1 $ {x}' }, '${Name} $1 $ {x}'],
    ['a selected item', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    ['a selected item, by a text', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['split text', { 'Fn::Split': ['/', 'a/b/'] }, ['a', 'b', '']],
    [
      'a part of an ARN with the account',
      { 'Fn::Select': [4, { 'Fn::Split': [':', { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q' }] }] },
      '000000000000',
    ],
    ['a name from a map', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'workers'] }, '5'],
    ['a list from a map', { 'Fn::Select': [1, { 'Fn::FindInMap': ['Sizes', 'eu-west-1', 'types'] }] }, 'G.2X'],
    [
      'a default of a map',
      { 'Fn::FindInMap': ['Sizes', 'us-east-1', 'types', { DefaultValue: { Ref: 'Queue' } }] },
      '@{app/Queue}',
    ],
    ['base 64', { 'Fn::Base64': 'häß' }, Buffer.from('häß').toString('base64')],
    ['JSON as text', { 'Fn::ToJsonString': { a: [1, { Ref: 'Queue' }] } }, '{"a":[1,"@{app/Queue}"]}'],
    ['a length', { 'Fn::Length': { 'Fn::Split': [',', 'a,b,c'] } }, 3],
    ['an object that is no function', { Ref: 'a', Other: 1 }, { Ref: 'a', Other: 1 }],
  ])('resolves %s', (_, value, expected) => {
    expect(valuesOf(value, { Mappings: MAPPINGS })).toEqual([expected]);
  });

  it.each<[string, unknown, string]>([
    ['Availability Zones', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'decided by Fn::GetAZs at deployment'],
    ['address blocks', { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }, 'decided by Fn::Cidr at deployment'],
    [
      'imports from elsewhere',
      { 'Fn::ImportValue': 'vpc' },
      'decided by the export vpc, which none of the stacks that were given has',
    ],
    [
      'outputs of other stacks',
      { 'Fn::GetStackOutput': { StackName: 'net', OutputName: 'Vpc' } },
      'decided by the output net.Vpc, which none of the stacks that were given has',
    ],
    [
      'notifications',
      { 'Fn::Join': [',', { Ref: 'AWS::NotificationARNs' }] },
      'decided by the topics that the stack is deployed with',
    ],
    [
      'dynamic references',
      { 'Fn::Join': ['', ['x{{resolve:ssm:', '/workers}}']] },
      'decided by the dynamic reference {{resolve:ssm:/workers}}',
    ],
    ['the length of what is not known', { 'Fn::Length': { 'Fn::GetAZs': '' } }, 'decided by Fn::Length at deployment'],
    [
      'parts after a reference',
      { 'Fn::Select': [2, { 'Fn::Split': [':', { 'Fn::Sub': 'a:${Queue}:b' }] }] },
      'an item of a list that a deployment decides',
    ],
    ['encoded references', { 'Fn::Base64': { Ref: 'Queue' } }, 'encoded from what a deployment decides'],
  ])('leaves %s to the deployment', (_, value, reason) => {
    expect(valuesOf(value)).toEqual([{ decidedBy: 'deployment', reason }]);
  });

  it('never splits inside a reference', () => {
    expect(valuesOf({ 'Fn::Split': ['e', { 'Fn::Sub': 'where${Queue.Name}e' }] })).toEqual([
      ['wh', 'r', '@{app/Queue.Name}', ''],
    ]);
    expect(valuesOf({ 'Fn::Join': ['-', { 'Fn::Split': ['.', { 'Fn::Sub': 'a.${Queue}.b' }] }] })).toEqual([
      'a-@{app/Queue}-b',
    ]);
    expect(valuesOf({ 'Fn::Select': [1, { 'Fn::Split': ['.', { 'Fn::Sub': 'a.${Queue}.b' }] }] })).toEqual([
      '@{app/Queue}',
    ]);
  });

  it('still refers to a resource by a part of its ARN', () => {
    const select = (list: unknown) => ({ 'Fn::Select': [6, { 'Fn::Split': [':', list] }] });

    expect(valuesOf(select(ARN))).toEqual(['@{app/Queue.Arn[6]}']);
    expect(valuesOf(select({ Ref: 'Queue' }))).toEqual(['@{app/Queue.Ref[6]}']);
  });

  it('resolves values of mappings by keys that are not known to each of them', () => {
    const value = { 'Fn::FindInMap': ['Accounts', { Ref: 'AWS::AccountId' }, 'workers'] };
    const Mappings = { Accounts: { '111111111111': { workers: 3 }, '222222222222': { workers: 7 } } };

    expect(valuesOf(value, { Mappings })).toEqual([3, 7]);
    const withDefault = { 'Fn::FindInMap': [...value['Fn::FindInMap'], { DefaultValue: 1 }] };
    expect(valuesOf(withDefault, { Mappings })).toEqual([3, 7, 1]);
  });

  it('has the names of China and of GovCloud', async () => {
    const { readTemplates } = await import('../../../../../lib/cost/templates/read-templates.ts');
    const value = { 'Fn::Sub': '${AWS::Partition} ${AWS::URLSuffix}' };
    const resolvedIn = (region: string) =>
      readTemplates([{ stack: 'app', template: { Resources: {} } }], { region, parameters: {} }).value?.valuesOf(
        value,
        'app',
      );

    expect(resolvedIn('cn-north-1')).toEqual(['aws-cn amazonaws.com.cn']);
    expect(resolvedIn('us-gov-west-1')).toEqual(['aws-us-gov amazonaws.com']);
  });

  it('does not build texts without end', () => {
    let value: unknown = 'twice';
    for (let level = 0; level < 60; level += 1) value = { 'Fn::Sub': ['${a}${a}', { a: value }] };

    expect(valuesOf(value)).toEqual([{ decidedBy: 'input', reason: 'a text of more than 4000000 characters' }]);
  });
});
