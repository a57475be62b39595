import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type AssetFile,
  assetFiles,
  hasDefinitionInS3,
  LONGEST_DEFINITION_BYTES,
} from '../../lib/cost/templates/asset-files.ts';
import { readJsonFile } from '../state/json-file.ts';
import { systemErrorCode } from '../state/system-error.ts';

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
  if (assetManifest === undefined || !hasDefinitionInS3(template)) return new Map();
  const manifest = await readJsonFile(assetManifest).catch(() => undefined);
  const texts = await Promise.all(assetFiles(manifest).map((file) => readAsset(file, dirname(assetManifest))));
  return new Map(texts.flat());
}

async function readAsset({ path, keys }: AssetFile, folder: string): Promise<readonly (readonly [string, string])[]> {
  const text = await readShortText(resolve(folder, path));
  return text === undefined ? [] : keys.map((key) => [key, text] as const);
}

async function readShortText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > LONGEST_DEFINITION_BYTES ? undefined : await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
