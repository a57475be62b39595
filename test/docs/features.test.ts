import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AGGREGATES } from '../../lib/contracts/job-program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/features.md'), 'utf8');
const urlOf = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href);

/** Visits, the labels that the page's features are found by. */
const LABELS = `
const visits = source('visits', {
  format: csv({ header: true }),
  columns: { at: timestamp(), nearest_station: text(), wet: boolean() },
  eventTime: 'at',
  knownTime: hours(1),
  partition: day('at'),
});
const definition = pipeline('visits', {
  ...soundLimits,
  label: label(visits, { at: 'at', is: 'wet' }),
  features,
});
`;

/** What the page's TypeScript compiles to: what is wrong with it, and the names of its features. */
function compiled(): { readonly diagnostics: readonly unknown[]; readonly names: readonly string[] } {
  const snippet = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const names = [...new Set(`${snippet}${LABELS}`.match(/(?<![.\w])[a-zA-Z]+(?=\()/g))].filter(
    (name) => name !== 'feature',
  );
  const code = [
    `import { ${names.join(', ')} } from ${urlOf('lib/definition/index.ts')};`,
    `import { trainingSetProgram } from ${urlOf('lib/features/training-set-program.ts')};`,
    `import { makePlan } from ${urlOf('lib/plan/make-plan.ts')};`,
    `import { soundLimits } from ${urlOf('test/support/trips-pipeline.ts')};`,
    snippet,
    LABELS,
    'const { value, diagnostics } = makePlan(definition);',
    'const names = value === undefined ? [] : trainingSetProgram(value).features;',
    'process.stdout.write(JSON.stringify({ diagnostics, names }));',
  ].join('\n');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('the page on features', () => {
  it('writes features that are sound, with the names that it says', () => {
    expect(compiled()).toEqual({
      diagnostics: [],
      names: [
        'nearest_levels__readings_3h',
        'nearest_levels__high_3h',
        'nearest_levels__high_7d_hop_1h',
        'nearest_levels__level_3h',
        'nearest_levels__level_7d_hop_1h',
        'nearest_levels__median_3h',
        'nearest_levels__median_7d_hop_1h',
        'nearest_levels__now',
        'nearest_heights__metres',
        'rise',
      ],
    });
  });

  it('has every aggregate', () => {
    const table = page.slice(page.indexOf('| aggregate |'), page.indexOf('| option of an aggregate |'));
    const named = [...table.matchAll(/`([a-zA-Z]+)[`(]/g)].map(([, name = '']) =>
      name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );

    expect(named).toEqual(expect.arrayContaining([...AGGREGATES]));
  });
});
