import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isObject, objectIn } from '../cost/json-object.ts';

/** Texts of the JSON files that a stack uploads, by object key: definitions of state machines may be among them. */
export function definitionAssets(templatePath: string): ReadonlyMap<string, string> {
  const path = templatePath.replace(/\.template\.json$/, '.assets.json');
  if (!existsSync(path)) return new Map();
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const files = Object.values(objectIn(isObject(manifest) ? manifest : {}, 'files')).filter(isObject);
  const texts = files.flatMap((file) => {
    const source = objectIn(file, 'source')['path'];
    if (typeof source !== 'string' || !source.endsWith('.json')) return [];
    const text = readFileSync(resolve(dirname(path), source), 'utf8');
    const keys = Object.values(objectIn(file, 'destinations')).filter(isObject);
    return keys.flatMap(({ objectKey }) => (typeof objectKey === 'string' ? [[objectKey, text] as const] : []));
  });
  return new Map(texts);
}
