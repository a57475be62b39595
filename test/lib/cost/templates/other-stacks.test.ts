// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and DefinitionSubstitutions replace
import { describe, expect, it } from 'vitest';
import { valuesOf } from './app-under-test.ts';

const network = {
  Parameters: { Stage: { Type: 'String' } },
  Resources: { Vpc: { Type: 'AWS::EC2::VPC' } },
  Outputs: {
    Vpc: {
      Value: { 'Fn::GetAtt': ['Vpc', 'VpcId'] },
      Export: { Name: { 'Fn::Sub': '${AWS::StackName}-${AWS::Region}-${AWS::AccountId}' } },
    },
    Stage: { Value: { 'Fn::Join': ['', ['on ', { Ref: 'Stage' }]] }, Export: { Name: 'stage' } },
    Chain: { Value: { 'Fn::ImportValue': 'stage' }, Export: { Name: 'chain' } },
    List: { Value: ['a'], Export: { Name: 'list' } },
    Twice: { Value: '1', Export: { Name: 'twice' } },
    TwiceAgain: { Value: '2', Export: { Name: 'twice' } },
    Itself: { Value: { 'Fn::ImportValue': 'itself' }, Export: { Name: 'itself' } },
  },
};
const resolve = (value: unknown, parameters = {}) =>
  valuesOf(value, {}, { others: [{ stack: 'net', template: network }], parameters });

describe('values of other stacks', () => {
  it('are imported by names that are put together', () => {
    const name = { 'Fn::Join': ['-', ['net', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }]] };

    expect(resolve({ 'Fn::ImportValue': name })).toEqual(['@{net/Vpc.VpcId}']);
  });

  it('are read by their output, in the same region and account', () => {
    const read = (more: object) => ({ 'Fn::GetStackOutput': { StackName: 'net', OutputName: 'Vpc', ...more } });

    expect(resolve(read({}))).toEqual(['@{net/Vpc.VpcId}']);
    expect(resolve(read({ Region: { Ref: 'AWS::Region' } }))).toEqual(['@{net/Vpc.VpcId}']);
    expect(resolve(read({ Region: 'us-east-1' }))).toMatchObject([{ decidedBy: 'deployment' }]);
    expect(resolve(read({ RoleArn: 'arn:aws:iam::1:role/x' }))).toMatchObject([{ decidedBy: 'deployment' }]);
  });

  it('are resolved in their own stack, through several of them', () => {
    expect(resolve({ 'Fn::ImportValue': 'chain' }, { 'net/Stage': 'prod' })).toEqual(['on prod']);
    expect(resolve({ 'Fn::ImportValue': 'chain' })).toEqual([
      {
        decidedBy: 'deployment',
        reason: 'decided by the parameter net/Stage: AllowedValues or --parameter Stage=… would limit it',
      },
    ]);
  });

  it('are not known where several have the name, and not read where they are wrong', () => {
    expect(resolve({ 'Fn::ImportValue': 'twice' })).toEqual([
      { decidedBy: 'deployment', reason: 'decided by the export twice, which several of the stacks have' },
    ]);
    expect(resolve({ 'Fn::ImportValue': 'list' })).toEqual([
      { decidedBy: 'input', reason: 'an output that is not a text' },
    ]);
    expect(resolve({ 'Fn::ImportValue': 'itself' })).toEqual([
      { decidedBy: 'input', reason: 'an output that refers to itself' },
    ]);
  });
});
