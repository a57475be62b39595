import { isObject, objectIn } from '../json-object.ts';

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
