import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ObjectFiles } from '../endpoint/s3/object-files.ts';
import type { Asset } from './read-assembly.ts';

/** Lays every asset where its object would be, as a link: a folder stands under its archive's name. */
export async function stageAssets(assets: readonly Asset[], objects: ObjectFiles): Promise<void> {
  for (const { bucket, key, path } of assets) {
    const target = objects.pathOf(bucket, key);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await symlink(path, target);
  }
}
