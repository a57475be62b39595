import { join } from 'node:path';
import { costDiagnostic } from '../lib/cost/cost-diagnostic.ts';
import { type PriceBook, readPriceBook } from '../lib/cost/price-book.ts';
import type { Diagnostic } from '../lib/errors/diagnostic.ts';
import { readJson } from './cost/read-json.ts';
import { PACKAGE_ROOT } from './package-files.ts';

/** A project's own price books, which count before those of the package. */
const PROJECT_FOLDER = 'prices';

export const projectPriceBook = (project: string, region: string): string =>
  join(project, PROJECT_FOLDER, `${region}.json`);

const shippedPriceBook = (region: string): string => join(PACKAGE_ROOT, 'data', PROJECT_FOLDER, `${region}.json`);

/** A price book with the file that it is in; everything that is wrong with the file otherwise. */
export interface FoundPriceBook {
  readonly path?: string;
  readonly book?: PriceBook;
  readonly diagnostics: readonly Diagnostic[];
}

/** The region's price book: the project's `prices/<region>.json`, else the one that is shipped. */
export async function findPriceBook(project: string, region: string): Promise<FoundPriceBook> {
  for (const path of [projectPriceBook(project, region), shippedPriceBook(region)]) {
    const found = await readBook(path, region);
    if (found !== undefined) return found;
  }
  const missing = costDiagnostic('missing-price-book', {
    at: `prices of ${region}`,
    message: 'there is no price book',
    fix: `hundredfold prices refresh --region ${region}`,
  });
  return { diagnostics: [missing] };
}

/** Reads a price book that was named by its file. */
export async function readPriceBookFile(path: string): Promise<FoundPriceBook> {
  const missing = costDiagnostic('missing-price-book', {
    at: path,
    message: 'there is no such file',
    fix: 'name another',
  });
  return (await readBook(path)) ?? { diagnostics: [missing] };
}

const NO_PRICE_BOOK = {
  code: 'malformed-price-book',
  fix: 'restore the file, or refresh it: hundredfold prices refresh',
} as const;

/** Undefined where there is no such file. A book whose name says another region than its content is malformed. */
async function readBook(path: string, region?: string): Promise<FoundPriceBook | undefined> {
  const file = await readJson(path, path, NO_PRICE_BOOK);
  if (file.kind === 'absent') return undefined;
  if (file.kind !== 'read') return { path, diagnostics: [file.diagnostic] };
  const { value, diagnostics } = readPriceBook(file.json, path, region);
  return { path, diagnostics, ...(value === undefined ? {} : { book: value }) };
}
