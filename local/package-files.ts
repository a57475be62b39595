import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The package's own folder: a checkout, or where it is installed, whether this runs as source or compiled. */
export const PACKAGE_ROOT: string = findPackageRoot(import.meta.dirname);

function findPackageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findPackageRoot(dirname(from));
}

/** This package's own module of that name, as it runs now: a source file or a compiled one. */
export const ownModule = (base: string, name: string): URL =>
  new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);

/** This package's version. */
export function packageVersion(): string {
  const { version }: { readonly version: string } = JSON.parse(
    readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'),
  );
  return version;
}
