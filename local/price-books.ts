import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costDiagnostic } from '../lib/cost/cost-diagnostic.ts';
import { type PriceBook, readPriceBook } from '../lib/cost/price-book.ts';
import type { Diagnostic } from '../lib/errors/diagnostic.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { systemErrorCode } from './state/system-error.ts';

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
    const text = await readIfThere(path);
    if (text !== undefined) return parsePriceBook(text, path);
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
  const text = await readIfThere(path);
  if (text !== undefined) return parsePriceBook(text, path);
  const missing = costDiagnostic('missing-price-book', {
    at: path,
    message: 'there is no such file',
    fix: 'name another',
  });
  return { diagnostics: [missing] };
}

function parsePriceBook(text: string, path: string): FoundPriceBook {
  try {
    const { value, diagnostics } = readPriceBook(JSON.parse(text), path);
    return { path, diagnostics, ...(value === undefined ? {} : { book: value }) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const malformed = costDiagnostic('malformed-price-book', {
      at: path,
      message: `is no JSON: ${error.message}`,
      fix: 'restore the file, or refresh it: hundredfold prices refresh',
    });
    return { path, diagnostics: [malformed] };
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
