import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isObject, type JsonObject, objectIn } from '../../lib/cost/json-object.ts';
import { readJsonFile } from '../state/json-file.ts';
import { systemErrorCode } from '../state/system-error.ts';

/** The longest definition. Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (2026-11-20). */
const LONGEST_DEFINITION_BYTES = 1_048_576;

/**
 * Texts of the file assets that a stack uploads, by object key: its state machines' definitions may be among them.
 * Nothing is read unless the template has a definition in S3. An asset that is not found is missed by whoever needs it.
 *
 * @param assetManifest `<stack>.assets.json`
 */
export async function readDefinitionAssets(
  template: string,
  assetManifest: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  if (assetManifest === undefined || !template.includes('"DefinitionS3Location"')) return new Map();
  const manifest = await readJsonFile(assetManifest).catch(() => undefined);
  const files = Object.values(objectIn(isObject(manifest) ? manifest : {}, 'files')).filter(isObject);
  const texts = await Promise.all(files.map((file) => readAsset(file, dirname(assetManifest))));
  return new Map(texts.flat());
}

async function readAsset(file: JsonObject, folder: string): Promise<readonly (readonly [string, string])[]> {
  const { path, packaging } = objectIn(file, 'source');
  if (typeof path !== 'string' || packaging !== 'file') return [];
  const text = await readShortText(join(folder, path));
  if (text === undefined) return [];
  return Object.values(objectIn(file, 'destinations'))
    .filter(isObject)
    .flatMap(({ objectKey }) => (typeof objectKey === 'string' ? [[objectKey, text] as const] : []));
}

async function readShortText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > LONGEST_DEFINITION_BYTES ? undefined : await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
