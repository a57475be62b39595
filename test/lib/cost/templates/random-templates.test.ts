// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub replaces
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { valuesOf } from './app-under-test.ts';

const FUNCTIONS = [
  'Ref',
  'Condition',
  'Fn::And',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::Equals',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::GetStackOutput',
  'Fn::If',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Length',
  'Fn::Not',
  'Fn::Or',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::ToJsonString',
  'Fn::Transform',
  'Fn::Else',
];
const NAMES = [
  'A',
  'B',
  'P',
  'C',
  'M',
  'app',
  '${A}',
  '${B.Arn}-${P}',
  '{{resolve:ssm:x}}',
  '__proto__',
  'constructor',
  '\uE000\uE100\uE001',
  '{"a":1}',
  '',
];

const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom<unknown>(...NAMES, 0, 1, -1, 1.5, true, null),
    fc.constantFrom(...NAMES),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES, 'Value', 'Type', 'Condition', 'StackName', 'OutputName'), tie('value'), {
      maxKeys: 4,
    }),
    fc
      .tuple(fc.constantFrom(...FUNCTIONS), fc.array(tie('value'), { maxLength: 4 }))
      .map(([name, argument]) => ({ [name]: argument })),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('value')).map(([name, argument]) => ({ [name]: argument })),
  ),
}));

const sections = fc.record(
  {
    Parameters: fc.dictionary(
      fc.constantFrom('P', 'Q'),
      fc.record({ Type: anything, AllowedValues: anything, MaxValue: anything }, { requiredKeys: [] }),
    ),
    Mappings: fc.oneof(anything, fc.constant({ M: { A: { B: 1 } } })),
    Conditions: fc.dictionary(fc.constantFrom('C', 'D'), anything),
    Outputs: fc.dictionary(
      fc.constantFrom('A', 'B'),
      fc.record({ Value: anything, Export: fc.record({ Name: anything }) }, { requiredKeys: [] }),
    ),
    Resources: fc.dictionary(
      fc.constantFrom('A', 'B', 'E', 'a-b', '__proto__'),
      fc.oneof(
        anything,
        fc.record(
          {
            Type: fc.constantFrom('AWS::StepFunctions::StateMachine', 'A::B::C'),
            Properties: fc.dictionary(
              fc.constantFrom(
                'DefinitionString',
                'Definition',
                'DefinitionS3Location',
                'DefinitionSubstitutions',
                'Value',
              ),
              anything,
            ),
            Condition: fc.constantFrom('C', 'D', 'E'),
            DependsOn: anything,
          },
          { requiredKeys: ['Type'] },
        ),
      ),
    ),
    Transform: anything,
  },
  { requiredKeys: [] },
);

/** Reads everything there is to read; returns how many answers there were. */
function readAll(template: unknown): number {
  const stacks = [
    { stack: 'app', template },
    { stack: 'web', template: { Resources: {}, Outputs: { A: { Value: 1, Export: { Name: 'A' } } } } },
  ];
  const set = must(readTemplates(stacks, { region: 'us-east-1', parameters: { P: 'A' } }).value, 'a set');
  const answers = set.resources.flatMap((resource) => [
    ...set.variantsOf(resource, Object.keys(resource.properties)),
    set.definitionsOf(resource).diagnostics,
  ]);
  return answers.length;
}

describe('random templates', () => {
  it('of any JSON never throw', () => {
    fc.assert(
      fc.property(fc.json(), (text) => readAll(JSON.parse(text)) >= 0),
      { numRuns: 200 },
    );
  });

  it('of misused functions never throw', () => {
    fc.assert(
      fc.property(sections, (template) => readAll(JSON.parse(JSON.stringify(template))) >= 0),
      { numRuns: 1000 },
    );
  });

  it('have at least one value for each property, and none of them has placeholders left', () => {
    fc.assert(
      fc.property(anything, sections, (value, others) => {
        const values = valuesOf(JSON.parse(JSON.stringify(value)), {
          ...JSON.parse(JSON.stringify(others)),
          Resources: {},
        });
        const text = JSON.stringify(values.map((item) => item ?? null));

        expect(values.length).toBeGreaterThan(0);
        expect(text.replaceAll(/\uE000\uE100\uE001/g, '')).not.toMatch(/[\uE000-\uE002]/);
      }),
      { numRuns: 1000 },
    );
  });
});
