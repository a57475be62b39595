import { describe, expect, it } from 'vitest';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { setOf, templateOf } from './app-under-test.ts';

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
