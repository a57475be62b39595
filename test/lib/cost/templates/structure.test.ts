// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and DefinitionSubstitutions replace
import { describe, expect, it } from 'vitest';
import { problemsOf, templateOf } from './app-under-test.ts';

describe('the structure of templates', () => {
  it.each<[string, unknown, string]>([
    ['text', 'Resources', 'malformed-template app: is not an object'],
    ['null', null, 'malformed-template app: is not an object'],
    ['a list', [], 'malformed-template app: is not an object'],
    ['nothing', {}, 'malformed-template app/Resources: is missing'],
    ['a list of resources', { Resources: [] }, 'malformed-template app/Resources: is not an object'],
  ])('refuses %s', (_, template, problem) => {
    expect(problemsOf(template)).toEqual([problem]);
  });

  it('reports every problem at once', () => {
    const template = {
      Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
      Parameters: { Size: 5, Count: { MaxValue: 'many' }, Kind: { Type: 'String', AllowedValues: [] } },
      Mappings: { Sizes: { a: { b: 1 } }, Bad: 1 },
      Conditions: { Known: { 'Fn::Equals': ['a', 'a'] }, Text: 'yes', Missing: { Condition: 'Unknown' } },
      Outputs: { NoValue: {}, Bad: { Value: { Ref: 'Gone' }, Condition: 'Nowhere' } },
      Resources: {
        NotAnObject: 1,
        NoType: { Properties: {} },
        'Not-Alphanumeric': { Type: 'A::B::C' },
        BadProperties: { Type: 'A::B::C', Properties: [], Metadata: 'x', Condition: {}, DependsOn: ['Gone', 'NoType'] },
        'Fn::ForEach::Jobs': [],
        Job: {
          Type: 'A::B::C',
          Condition: 'Unknown',
          DependsOn: 5,
          Properties: {
            a: { 'Fn::Nonsense': 1 },
            b: [{ Ref: 'Gone' }, { Ref: 'AWS::Nothing' }],
            c: { 'Fn::GetAtt': ['Gone', 'Arn'] },
            d: { 'Fn::Sub': ['${Gone} ${Gone.Arn} ${Known} ${AWS::Region}', { Known: { Ref: 'Lost' } }] },
            e: { 'Fn::If': ['Unknown', 1, { 'Fn::Join': ['', {}] }] },
            f: { 'Fn::FindInMap': ['Sizes', 'a', 'c'] },
            g: { 'Fn::FindInMap': ['Colours', 'a', 'c'] },
            h: { 'Fn::Join': ['', []], Other: 1 },
            i: { 'Fn::Transform': { Name: 'AWS::Include' } },
          },
          Metadata: { Note: { Ref: 'Gone' } },
        },
      },
    };

    expect(problemsOf(template).toSorted()).toEqual(
      [
        'unknown-intrinsic app/Transform: AWS::Serverless-2016-10-31 rewrites the template at deployment',
        'malformed-template app/Parameters.Size: is not an object',
        'malformed-template app/Parameters.Count.Type: is not a text',
        'malformed-template app/Parameters.Count.MaxValue: is not a number',
        'malformed-template app/Parameters.Kind.AllowedValues: is not a list of values',
        'malformed-template app/Mappings.Bad: is not an object',
        'malformed-template app/Conditions.Text: is not a condition',
        "unknown-reference app/Conditions.Missing: refers to the condition 'Unknown', which app does not have",
        'malformed-template app/Outputs.NoValue: has no Value',
        "unknown-reference app/Outputs.Bad.Value: refers to the resource or parameter 'Gone', which app does not have",
        "unknown-reference app/Outputs.Bad.Condition: refers to the condition 'Nowhere', which app does not have",
        'malformed-template app/NotAnObject: is not an object',
        'malformed-template app/NoType.Type: is not a text',
        'malformed-template app/Not-Alphanumeric: has a name that is not alphanumeric',
        'malformed-template app/BadProperties.Properties: is not an object',
        'malformed-template app/BadProperties.Metadata: is not an object',
        'malformed-template app/BadProperties.Condition: is not a text',
        "unknown-reference app/BadProperties.DependsOn: refers to the resource 'Gone', which app does not have",
        'unknown-intrinsic app/Resources.Fn::ForEach::Jobs: Fn::ForEach::Jobs rewrites the template at deployment',
        "unknown-reference app/Job.Condition: refers to the condition 'Unknown', which app does not have",
        'malformed-template app/Job.DependsOn: is not a list of texts',
        'unknown-intrinsic app/Job.Properties.a: uses Fn::Nonsense, which is not known',
        "unknown-reference app/Job.Properties.b[0]: refers to the resource or parameter 'Gone', which app does not have",
        "unknown-reference app/Job.Properties.b[1]: refers to the resource or parameter 'AWS::Nothing', which app does not have",
        "unknown-reference app/Job.Properties.c: refers to the resource 'Gone', which app does not have",
        "unknown-reference app/Job.Properties.d: refers to the resource or parameter 'Gone', which app does not have",
        "unknown-reference app/Job.Properties.d: refers to the resource 'Gone', which app does not have",
        "unknown-reference app/Job.Properties.d.Fn::Sub[1].Known: refers to the resource or parameter 'Lost', which app does not have",
        "unknown-reference app/Job.Properties.e: refers to the condition 'Unknown', which app does not have",
        'malformed-template app/Job.Properties.e.Fn::If[2]: uses Fn::Join wrongly',
        "unknown-reference app/Job.Properties.f: refers to the key 'c', which the mapping 'Sizes' does not have",
        "unknown-reference app/Job.Properties.g: refers to the mapping 'Colours', which app does not have",
        'malformed-template app/Job.Properties.h: uses Fn::Join wrongly',
        'unknown-intrinsic app/Job.Properties.i: uses Fn::Transform, which is not known',
        "unknown-reference app/Job.Metadata.Note: refers to the resource or parameter 'Gone', which app does not have",
      ].toSorted(),
    );
  });

  it.each<[string, unknown]>([
    ['Ref', 5],
    ['Fn::And', [true]],
    ['Fn::Base64', []],
    ['Fn::Cidr', ['10.0.0.0/8']],
    ['Fn::Equals', ['a']],
    ['Fn::FindInMap', ['a', 'b']],
    ['Fn::FindInMap', ['a', 'b', 'c', 'd']],
    ['Fn::GetAtt', ['Queue']],
    ['Fn::GetAtt', 'Queue'],
    ['Fn::GetAZs', []],
    ['Fn::GetStackOutput', { StackName: 'a' }],
    ['Fn::If', ['a', 'b']],
    ['Fn::ImportValue', {}],
    ['Fn::Join', [1, []]],
    ['Fn::Join', ['', 'text']],
    ['Fn::Length', 'text'],
    ['Fn::Not', true],
    ['Fn::Or', 'a'],
    ['Fn::Select', [1]],
    ['Fn::Select', [1, 'text']],
    ['Fn::Split', ['', 'text']],
    ['Fn::Sub', 1],
    ['Fn::Sub', ['${a}', { a: [] }]],
    ['Fn::Sub', '${no spaces}'],
    ['Fn::ToJsonString', 'text'],
  ])('refuses %s of %j', (name, argument) => {
    expect(problemsOf(templateOf({ [name]: argument }))).toEqual([
      `malformed-template app/Job.Properties.Value: uses ${name} wrongly`,
    ]);
  });

  it('has no resources while conditions are decided', () => {
    const Conditions = { Wrong: { 'Fn::Equals': [{ Ref: 'Queue' }, 'a'] } };

    expect(problemsOf(templateOf(1, { Conditions }))).toEqual([
      "unknown-reference app/Conditions.Wrong.Fn::Equals[0]: refers to the resource 'Queue', which is not there yet when conditions are decided",
    ]);
  });

  it('takes keys that are conditions elsewhere for what they are', () => {
    const statement = { Effect: 'Deny', Condition: 'anything', Ref: 'x' };

    expect(problemsOf(templateOf([statement, { Condition: { StringEquals: { a: 'b' } } }]))).toEqual([]);
  });

  it('refuses stacks of one name', () => {
    expect(problemsOf(templateOf(1), { others: [{ stack: 'app', template: templateOf(2) }] })).toEqual([
      'malformed-template app: is the name of several stacks',
    ]);
  });
});

describe('circles', () => {
  const resource = (value: unknown, rest: object = {}) => ({ Type: 'A::B::C', Properties: { value }, ...rest });

  it.each<[string, unknown, string]>([
    ['itself', { A: resource({ Ref: 'A' }) }, 'app/A → app/A'],
    ['references', { A: resource({ Ref: 'B' }), B: resource({ 'Fn::GetAtt': ['A', 'Arn'] }) }, 'app/A → app/B → app/A'],
    [
      'substitutions',
      { A: resource({ 'Fn::Sub': '${B.Arn}' }), B: resource({ 'Fn::Sub': '${A}' }) },
      'app/A → app/B → app/A',
    ],
    [
      'dependencies',
      { A: resource(1, { DependsOn: 'B' }), B: resource(1, { DependsOn: ['A'] }) },
      'app/A → app/B → app/A',
    ],
  ])('of %s are named once', (_, Resources, circle) => {
    expect(problemsOf({ Resources })).toEqual([`cyclic-reference app/A: refers to itself: ${circle}`]);
  });

  it('of conditions are named, and decide nothing', () => {
    const Conditions = { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } };

    expect(problemsOf(templateOf({ 'Fn::If': ['A', 1, 2] }, { Conditions }))).toEqual([
      'cyclic-reference app/Conditions.A: refers to itself: app/Conditions.A → app/Conditions.B → app/Conditions.A',
    ]);
  });

  it('of exports and imports are named', () => {
    const exporting = (name: string, imported: string) => ({
      Resources: {},
      Outputs: { Out: { Value: { 'Fn::ImportValue': imported }, Export: { Name: name } } },
    });

    expect(problemsOf(exporting('a', 'b'), { others: [{ stack: 'web', template: exporting('b', 'a') }] })).toEqual([
      'cyclic-reference app/Outputs.Out: refers to itself: app/Outputs.Out → web/Outputs.Out → app/Outputs.Out',
    ]);
  });

  it('of resources across stacks are named', () => {
    const stack = (imported: unknown, name: string) => ({
      Resources: { A: resource(imported) },
      Outputs: { Out: { Value: { Ref: 'A' }, Export: { Name: name } } },
    });
    const web = stack({ 'Fn::ImportValue': 'from-app' }, 'from-web');
    const app = stack({ 'Fn::GetStackOutput': { StackName: 'web', OutputName: 'Out' } }, 'from-app');

    expect(problemsOf(app, { others: [{ stack: 'web', template: web }] })).toEqual([
      'cyclic-reference app/A: refers to itself: app/A → web/Outputs.Out → web/A → app/Outputs.Out → app/A',
    ]);
  });

  it('are none where a decided condition cuts them', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const Resources = {
      A: resource({ 'Fn::If': ['Never', { Ref: 'B' }, 1] }),
      B: resource({ Ref: 'A' }),
      C: resource({ Ref: 'C' }, { Condition: 'Never' }),
    };

    expect(problemsOf({ Conditions, Resources })).toEqual([]);
  });

  it('are each named where there are several', () => {
    const Resources = {
      Start: resource([{ Ref: 'A' }, { Ref: 'C' }]),
      A: resource({ Ref: 'B' }),
      B: resource([{ Ref: 'A' }, { Ref: 'C' }]),
      C: resource({ Ref: 'C' }),
    };

    expect(problemsOf({ Resources })).toHaveLength(2);
  });
});
