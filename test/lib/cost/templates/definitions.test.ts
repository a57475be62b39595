// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and DefinitionSubstitutions replace
import { describe, expect, it } from 'vitest';
import { must } from '../../../../lib/errors/fault.ts';
import { type Given, plain, setOf, shortly } from './app-under-test.ts';

function definitionsOf(
  properties: unknown,
  sections: object = {},
  given: Given & { assets?: Map<string, string> } = {},
) {
  const Resources = {
    Queue: { Type: 'AWS::SQS::Queue' },
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties },
  };
  const others = [{ stack: 'assets', template: { Resources: {} }, assets: given.assets ?? new Map() }];
  const set = setOf({ Resources, ...sections }, { ...given, others });
  const { value, diagnostics } = set.definitionsOf(must(set.find('app/Machine'), 'the machine'));
  return { json: value?.map(({ json }) => plain(json)), at: value?.[0]?.at, problems: diagnostics.map(shortly) };
}

const Parameters = {
  Open: { Type: 'Number', Default: 3 },
  Range: { Type: 'Number', MinValue: 1, MaxValue: 9 },
  Kind: { Type: 'String', AllowedValues: ['a', 'b'] },
};
const openParameter = {
  decidedBy: 'deployment',
  reason:
    'decided by the parameter app/Open, whose Default a deployment can override: AllowedValues, a MinValue and a MaxValue or --parameter Open=… would limit it',
};

describe('definitions of state machines', () => {
  it('are read from a text with references', () => {
    const text = {
      'Fn::Join': ['', ['{"StartAt":"A","States":{"A":{"Arn":"', { 'Fn::GetAtt': ['Queue', 'Arn'] }, '"}}}']],
    };

    expect(definitionsOf({ DefinitionString: text })).toEqual({
      json: [{ StartAt: 'A', States: { A: { Arn: '@{app/Queue.Arn}' } } }],
      at: 'app/Machine.Properties.DefinitionString',
      problems: [],
    });
  });

  it('are read from an object', () => {
    const { json, at } = definitionsOf({
      Definition: { StartAt: 'A', Url: { Ref: 'Queue' }, Gone: { Ref: 'AWS::NoValue' } },
    });

    expect(json).toEqual([{ StartAt: 'A', Url: '@{app/Queue}' }]);
    expect(at).toBe('app/Machine.Properties.Definition');
  });

  it('are read from assets', () => {
    const DefinitionS3Location = { Bucket: 'b', Key: { 'Fn::Sub': 'x/${Kind}.json' } };
    const assets = new Map([
      ['x/a.json', '{"StartAt":"${Start}"}'],
      ['x/b.json', '{"StartAt":"B"}'],
    ]);
    const properties = { DefinitionS3Location, DefinitionSubstitutions: { Start: 'A' } };

    expect(definitionsOf(properties, { Parameters }, { assets })).toEqual({
      json: [{ StartAt: 'A' }, { StartAt: 'B' }],
      at: 'app/Machine.Properties.DefinitionS3Location',
      problems: [],
    });
  });

  it('are asked for where they lie in S3', () => {
    expect(definitionsOf({ DefinitionS3Location: { Bucket: 'b', Key: 'k' } }).problems).toEqual([
      "malformed-definition app/Machine.Properties.DefinitionS3Location: is the object 'k', which is no asset of the app",
    ]);
  });

  it('have substitutions put in wherever they stand', () => {
    const { json } = definitionsOf(
      {
        DefinitionString:
          '{"a":"${text}-${text}","b":${number},"c":"${Unknown} ${!x}","d":"${nested}","e":"${open}","f":${open}}',
        DefinitionSubstitutions: {
          text: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          number: 5,
          nested: '${number}',
          open: { Ref: 'Open' },
        },
      },
      { Parameters },
    );

    expect(json).toEqual([
      {
        a: '@{app/Queue.Arn}-@{app/Queue.Arn}',
        b: 5,
        c: '${Unknown} ${!x}',
        d: '5',
        e: openParameter,
        f: openParameter,
      },
    ]);
  });

  it('have substitutions put into objects as texts', () => {
    const { json } = definitionsOf({ Definition: { a: '${n}', b: true }, DefinitionSubstitutions: { n: 5 } });

    expect(json).toEqual([{ a: '5', b: true }]);
  });

  it('keep apart what is not known and the rest', () => {
    const text =
      '{"MaxAttempts": ${Open}, "Text": "n = ${Open}", "Sum": 1${Open}, "List": [${Open} , 2], "Arn": ${Queue.Arn}}';
    const { json, problems } = definitionsOf({ DefinitionString: { 'Fn::Sub': text } }, { Parameters });

    expect(problems).toEqual([]);
    expect(json).toEqual([
      {
        MaxAttempts: openParameter,
        Text: openParameter,
        Sum: openParameter,
        List: [openParameter, 2],
        Arn: '@{app/Queue.Arn}',
      },
    ]);
  });

  it('are unknown as far as the name of a field is', () => {
    const { json } = definitionsOf(
      { DefinitionString: { 'Fn::Sub': '{"a":{"${Open}":1,"b":2},"${Queue}":3}' } },
      { Parameters },
    );

    expect(json).toEqual([{ a: openParameter, '@{app/Queue}': 3 }]);
  });

  it('take both ends of an interval where a number stands, and none in a text', () => {
    const reason =
      'decided by the parameter app/Range, whose range limits it as a number, not within a text: AllowedValues would';
    const text = { decidedBy: 'deployment', reason };

    expect(
      definitionsOf({ DefinitionString: { 'Fn::Sub': '{"n":${Range},"t":"${Range}"}' } }, { Parameters }).json,
    ).toEqual([
      { n: 1, t: text },
      { n: 9, t: text },
    ]);
    expect(definitionsOf({ Definition: { n: { Ref: 'Range' } } }, { Parameters }).json).toEqual([{ n: 1 }, { n: 9 }]);
  });

  it('have a variant for each combination', () => {
    const Conditions = { IsA: { 'Fn::Equals': [{ Ref: 'Kind' }, 'a'] } };
    const Definition = { kind: { Ref: 'Kind' }, n: { 'Fn::If': ['IsA', 1, 2] } };

    expect(definitionsOf({ Definition }, { Parameters, Conditions }).json).toEqual([
      { kind: 'a', n: 1 },
      { kind: 'b', n: 2 },
    ]);
  });

  it('leave dynamic references to the deployment', () => {
    const DefinitionString = '{"a":{{resolve:ssm:/n}},"b":"x{{resolve:ssm:/t}}"}';
    const dynamic = (name: string) => ({
      decidedBy: 'deployment',
      reason: `decided by the dynamic reference {{resolve:ssm:/${name}}}`,
    });

    expect(definitionsOf({ DefinitionString }).json).toEqual([{ a: dynamic('n'), b: dynamic('t') }]);
  });

  it.each<[string, unknown, string]>([
    ['none', {}, 'malformed-definition app/Machine.Properties: has no definition'],
    [
      'two',
      { DefinitionString: '{}', Definition: {} },
      'malformed-definition app/Machine.Properties: has several definitions',
    ],
    [
      'an object for a text',
      { DefinitionString: { StartAt: 'A' } },
      'malformed-definition app/Machine.Properties.DefinitionString: is not a text',
    ],
    [
      'a text for an object',
      { Definition: '{}' },
      'malformed-definition app/Machine.Properties.Definition: is not an object',
    ],
    [
      'an open parameter',
      { DefinitionString: { Ref: 'Open' } },
      `deploy-time-limit app/Machine.Properties.DefinitionString: is ${openParameter.reason}`,
    ],
    [
      'an attribute',
      { DefinitionString: { 'Fn::GetAtt': ['Queue', 'Text'] } },
      'deploy-time-limit app/Machine.Properties.DefinitionString: is @{app/Queue.Text}, decided at deployment',
    ],
    [
      'no JSON',
      { DefinitionString: '{"a":\n  nope}' },
      `malformed-definition app/Machine.Properties.DefinitionString: is not JSON: there is 'nope}' at line 2, column 3, after "{\\"a\\":\\n  "`,
    ],
    [
      'half of it',
      { DefinitionString: '{"a":[1' },
      `malformed-definition app/Machine.Properties.DefinitionString: is not JSON: there is the end of the text at line 1, column 8, after "{\\"a\\":[1"`,
    ],
    [
      'an empty text',
      { DefinitionString: '' },
      'malformed-definition app/Machine.Properties.DefinitionString: is not JSON: there is the end of the text at line 1, column 1',
    ],
    [
      'deep nesting',
      { DefinitionString: '['.repeat(20_000) + ']'.repeat(20_000) },
      'malformed-definition app/Machine.Properties.DefinitionString: is nested deeper than 500 levels',
    ],
    [
      'lists as substitutions',
      { DefinitionString: '{}', DefinitionSubstitutions: { a: [] } },
      'malformed-definition app/Machine.Properties.DefinitionSubstitutions.a: is not a text',
    ],
    [
      'substitutions in a circle',
      { DefinitionString: '"${a}"', DefinitionSubstitutions: { a: '${b}', b: '${a}' } },
      'malformed-definition app/Machine.Properties.DefinitionSubstitutions: has values that stand for each other without end',
    ],
  ])('are refused where there is %s', (_, properties, problem) => {
    const { json, problems } = definitionsOf(properties, { Parameters });

    expect(problems).toEqual([problem]);
    expect(json).toBeUndefined();
  });

  it.each([{ 'Fn::Join': ['', ['{', { 'Fn::Nonsense': 1 }]] }, { 'Fn::Nonsense': 1 }])(
    'do not say again what was said of the template: %j',
    (unreadable) => {
      const undefinedValues = { json: undefined, at: undefined };

      expect(definitionsOf({ DefinitionString: unreadable })).toEqual({ ...undefinedValues, problems: [] });
      expect(definitionsOf({ RoleArn: unreadable }).problems).toEqual([
        'malformed-definition app/Machine.Properties: has no definition',
      ]);
    },
  );
});
