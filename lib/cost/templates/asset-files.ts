import { isObject, objectIn } from '../json-object.ts';

/** The longest definition: no greater file is one. Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (2026-11-20). */
export const LONGEST_DEFINITION_BYTES = 1_048_576;

/** Whether a template has a definition in S3, among the files that its stack uploads. */
export const hasDefinitionInS3 = (templateText: string): boolean => templateText.includes('"DefinitionS3Location"');

/** A file that a stack uploads as it is: the definition of a state machine may be one. */
export interface AssetFile {
  /** Relative to the manifest. */
  readonly path: string;
  /** Object keys under which it is uploaded. */
  readonly keys: readonly string[];
}

/** The single files of an asset manifest, `<stack>.assets.json`; none where it is no such manifest. */
export function assetFiles(manifest: unknown): readonly AssetFile[] {
  const files = Object.values(objectIn(isObject(manifest) ? manifest : {}, 'files')).filter(isObject);
  return files.flatMap((file) => {
    const { path, packaging } = objectIn(file, 'source');
    if (typeof path !== 'string' || packaging !== 'file') return [];
    const destinations = Object.values(objectIn(file, 'destinations')).filter(isObject);
    return [
      { path, keys: destinations.flatMap(({ objectKey }) => (typeof objectKey === 'string' ? [objectKey] : [])) },
    ];
  });
}
