import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { assetFiles } from '../cost/templates/asset-files.ts';

/** Texts of the JSON files that a stack uploads, by object key: definitions of state machines may be among them. */
export function definitionAssets(templatePath: string): ReadonlyMap<string, string> {
  const path = templatePath.replace(/\.template\.json$/, '.assets.json');
  if (!existsSync(path)) return new Map();
  const files = assetFiles(JSON.parse(readFileSync(path, 'utf8'))).filter((file) => file.path.endsWith('.json'));
  return new Map(
    files.flatMap((file) => {
      const text = readFileSync(resolve(dirname(path), file.path), 'utf8');
      return file.keys.map((key) => [key, text] as const);
    }),
  );
}
