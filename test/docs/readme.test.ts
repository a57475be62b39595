import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import flightDelays from '../../examples/flights/pipeline.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The first TypeScript of the README, and what it makes, as JSON. */
function quotedDefinition(): { readonly flights: object; readonly view: object } {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const snippet = /```ts\n(const flights = source[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const names = [...new Set(snippet.match(/(?<![.\w])[a-zA-Z]+(?=\()/g))].join(', ');
  const library = pathToFileURL(join(ROOT, 'lib/definition/index.ts')).href;
  const code = [
    `import { ${names} } from '${library}';`,
    snippet.replaceAll(', …', '').replace('\nfeatureView(', '\nconst view = featureView('),
    'process.stdout.write(JSON.stringify({ flights, view }));',
  ].join('\n');
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** The definition as data, without the columns, of which the README shows some. */
const withoutColumns = (source: object): unknown => JSON.parse(JSON.stringify({ ...source, columns: undefined }));

describe('the README', () => {
  it('quotes a source and a view that the library takes, as the example has them', () => {
    const { flights, view } = quotedDefinition();

    expect(withoutColumns(flights)).toEqual(withoutColumns(flightDelays.label.source));
    expect({ ...view, source: null }).toEqual(
      JSON.parse(JSON.stringify({ ...flightDelays.features[0], source: null })),
    );
  });
});
