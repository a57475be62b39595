import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors/user-error.ts';

/** The folder of this package: the nearest one above with a package.json, whether source or compiled code runs. */
function findPackageRoot(folder: string): string {
  const parent = dirname(folder);
  if (existsSync(join(folder, 'package.json')) || parent === folder) return folder;
  return findPackageRoot(parent);
}

const PACKAGE_ROOT = findPackageRoot(import.meta.dirname);

/** Absolute path of a file or folder that the package ships. */
export const packagePath = (...parts: readonly string[]): string => join(PACKAGE_ROOT, ...parts);

/**
 * Absolute path of something that the build makes.
 * @throws UserError not-built
 */
export function builtPath(...parts: readonly string[]): string {
  const path = packagePath(...parts);
  if (existsSync(path)) return path;
  throw new UserError({
    code: 'not-built',
    message: `${parts.join('/')} does not exist: the Lambda functions are not built`,
    resolution: 'run npm run build',
  });
}
