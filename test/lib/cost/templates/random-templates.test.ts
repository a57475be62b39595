// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub replaces
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../../../lib/cost/templates/json-position.ts';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { setOf, templateOf, valuesOf } from './app-under-test.ts';

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

describe('random values without conditions', () => {
  const literal = fc.oneof(
    fc.string({ maxLength: 4 }).filter((text) => !/[@${}\uE000-\uF8FF]/.test(text)),
    fc.nat(99),
    fc.boolean(),
  );
  const { text, list, any } = fc.letrec<{ text: unknown; list: unknown; any: unknown }>((tie) => ({
    text: fc.oneof(
      { depthSize: 'small' },
      literal,
      fc.constantFrom(
        { Ref: 'AWS::Region' },
        { Ref: 'Kind' },
        { Ref: 'Queue' },
        { 'Fn::GetAtt': ['Queue', 'Arn'] },
        { 'Fn::FindInMap': ['M', 'a', 'b'] },
      ),
      fc.tuple(fc.constantFrom('-', ',', ''), tie('list')).map((argument) => ({ 'Fn::Join': argument })),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => ({ 'Fn::Sub': ['<${a}|${b}|${a}|${Queue}>', { a, b }] })),
      fc
        .tuple(fc.nat(2), fc.array(tie('text'), { minLength: 3, maxLength: 3 }))
        .map((argument) => ({ 'Fn::Select': argument })),
      tie('any').map((value) => ({ 'Fn::ToJsonString': { value } })),
    ),
    list: fc.oneof(
      { depthSize: 'small' },
      fc.array(tie('text'), { maxLength: 3 }),
      fc.tuple(fc.constantFrom('-', ','), literal.map(String)).map((argument) => ({ 'Fn::Split': argument })),
    ),
    any: fc.oneof(
      { depthSize: 'small' },
      tie('text'),
      tie('list'),
      fc.dictionary(fc.constantFrom('x', 'y'), tie('any')),
    ),
  }));

  it('are what a naive evaluator makes of them', () => {
    const sectionsOf = { Parameters: { Kind: { Type: 'String' } }, Mappings: { M: { a: { b: 'mapped' } } } };
    const given = { parameters: { Kind: 'given' } };
    fc.assert(
      fc.property(fc.oneof(text, list, any), (value) => {
        expect(valuesOf(value, sectionsOf, given)).toEqual([naive(value)]);
      }),
      { numRuns: 1000 },
    );
  });

  type Call = Readonly<Record<string, never>>;
  /** Substitutes from the inside out, without any regard to what could go wrong. */
  function naive(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(naive);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = ['', undefined]] = Object.entries(value as Call);
    const parts = (Array.isArray(argument) ? argument.map(naive) : []) as never[];
    const names: Readonly<Record<string, string>> = {
      'AWS::Region': 'eu-west-1',
      Kind: 'given',
      Queue: '@{app/Queue}',
    };
    switch (name) {
      case 'Ref':
        return names[String(argument)];
      case 'Fn::GetAtt':
        return `@{app/${parts.join('.')}}`;
      case 'Fn::FindInMap':
        return 'mapped';
      case 'Fn::Join':
        return (parts[1] as string[]).join(parts[0]);
      case 'Fn::Sub': {
        const { a, b } = parts[1] as { a: unknown; b: unknown };
        return `<${a}|${b}|${a}|@{app/Queue}>`;
      }
      case 'Fn::Select':
        return parts[1]?.[parts[0] as unknown as number];
      case 'Fn::Split':
        return (parts[1] as string).split(parts[0] as unknown as string);
      case 'Fn::ToJsonString':
        return JSON.stringify(naive(argument));
      default:
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, naive(item)]));
    }
  }
});

describe('findJsonFault', () => {
  it('finds no fault in JSON, and some fault in what the parser refuses', () => {
    const nearlyJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '0', '\n', 'x'))
      .map(([json, place, extra]) => {
        const at = place % (json.length + 1);
        return json.slice(0, at) + extra + json.slice(extra === '' ? at + 1 : at);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), nearlyJson, fc.string()), (candidate) => {
        expect(findJsonFault(candidate) === undefined).toBe(parses(candidate));
      }),
      { numRuns: 3000 },
    );
  });

  function parses(candidate: string): boolean {
    try {
      JSON.parse(candidate);
      return true;
    } catch {
      return false;
    }
  }
});

describe('huge templates', () => {
  const nested = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = wrap(value);
    return value;
  };

  it.each<[string, (inner: unknown) => unknown]>([
    ['lists', (inner) => [inner]],
    ['objects', (inner) => ({ a: inner })],
    ['functions', (inner) => ({ 'Fn::Join': ['', [inner]] })],
  ])('of deeply nested %s are refused', (_, wrap) => {
    const { value, diagnostics } = readTemplates(
      [
        {
          stack: 'app',
          template: templateOf(nested(10_000, wrap), {
            Conditions: { C: nested(10_000, (inner) => ({ 'Fn::Not': [inner] })) },
          }),
        },
      ],
      { region: 'us-east-1', parameters: {} },
    );

    expect(diagnostics.map(({ at }) => at)).toEqual(['app/Conditions.C', 'app/Job.Properties']);
    expect(value?.variantsOf(must(value.find('app/Job'), 'Job'), ['Value'])).toHaveLength(1);
  });

  it('may have long chains of resources, conditions and outputs', () => {
    const each = <T>(make: (place: number) => [string, T]) =>
      Object.fromEntries(Array.from({ length: 20_000 }, (_, place) => make(place)));
    const template = {
      Resources: each((place) => [
        `R${place}`,
        { Type: 'A::B::C', Properties: { Next: place === 19_999 ? 1 : { Ref: `R${place + 1}` } } },
      ]),
      Conditions: each((place) => [
        `C${place}`,
        place === 19_999 ? { 'Fn::Equals': ['a', 'a'] } : { Condition: `C${place + 1}` },
      ]),
      Outputs: each((place) => [
        `O${place}`,
        { Value: { 'Fn::ImportValue': `O${place + 1}` }, Export: { Name: `O${place}` } },
      ]),
    };
    const set = setOf(template);

    expect(set.resources).toHaveLength(20_000);
    expect(set.valuesOf({ 'Fn::If': ['C0', 1, 2] }, 'app')).toHaveLength(1);
    expect(set.valuesOf({ 'Fn::ImportValue': 'O0' }, 'app')).toHaveLength(1);
  });
});
