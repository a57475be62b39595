import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { assetFiles, LONGEST_DEFINITION_BYTES } from '../cost/templates/asset-files.ts';

/** Texts of the files that a stack uploads, by object key, as far as they can be definitions of state machines. */
export function definitionAssets(templatePath: string): ReadonlyMap<string, string> {
  const manifest = templatePath.replace(/\.template\.json$/, '.assets.json');
  if (!existsSync(manifest)) return new Map();
  const files = assetFiles(JSON.parse(readFileSync(manifest, 'utf8')));
  const found = files.flatMap(({ path, keys }) => {
    const file = resolve(dirname(manifest), path);
    if (statSync(file).size > LONGEST_DEFINITION_BYTES) return [];
    const text = readFileSync(file, 'utf8');
    return keys.map((key) => [key, text] as const);
  });
  return new Map(found);
}
