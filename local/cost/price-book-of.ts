import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import type { PriceBook } from '../../lib/cost/price-book.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { PACKAGE_ROOT } from '../package-files.ts';
import { type FoundPriceBook, findPriceBook, readPriceBookFile } from '../price-books.ts';
import { systemErrorCode } from '../state/system-error.ts';

export interface PriceBookRequest {
  /** The project's folder: absolute. */
  readonly directory: string;
  /** A book that was named by its file. */
  readonly file: string | undefined;
  /** The region that was named. */
  readonly region: string | undefined;
  /** Regions of the stacks' environments. */
  readonly stackRegions: readonly string[];
}

/** The price book of the region that the templates are deployed in. */
export interface PriceBookOfRegion {
  /** Undefined where there is none that can be read. */
  readonly book: PriceBook | undefined;
  /** Undefined where it is not clear. */
  readonly region: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The book of `--prices`, or that of the region: `--region`, else the stacks' own, else the only one that there is. */
export async function findPriceBookOf(request: PriceBookRequest): Promise<PriceBookOfRegion> {
  const named = namedRegion(request);
  if (request.file !== undefined) return readNamedBook(request.directory, request.file, named);
  const known = named.region === undefined && named.diagnostics.length === 0 ? await onlyRegion(request) : named;
  if (known.region === undefined) return { book: undefined, ...known };
  const found = await findPriceBook(request.directory, known.region);
  return { ...known, ...pick(found, request.directory) };
}

interface Region {
  readonly region: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const unclear = (at: string, message: string, fix: string): Region => ({
  region: undefined,
  diagnostics: [costDiagnostic('unclear-region', { at, message, fix })],
});

function namedRegion({ region, stackRegions }: PriceBookRequest): Region {
  if (region !== undefined && !/^[a-z0-9-]+$/.test(region)) {
    return unclear('--region', `${JSON.stringify(region)} is no region`, 'write it like us-east-1');
  }
  const regions = region === undefined ? [...new Set(stackRegions)] : [region];
  if (regions.length > 1) {
    return unclear(
      'the stacks’ environments',
      `the stacks are in ${regions.join(', ')}, and prices differ by region`,
      'review the stacks of one region at a time: --template FILE',
    );
  }
  return { region: regions[0], diagnostics: [] };
}

async function onlyRegion({ directory }: PriceBookRequest): Promise<Region> {
  const folders = [join(directory, 'prices'), join(PACKAGE_ROOT, 'data/prices')];
  const names = (await Promise.all(folders.map(listNames))).flat();
  const regions = [...new Set(names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5)))];
  if (regions.length === 1) return { region: regions[0], diagnostics: [] };
  return unclear('--region', `there are price books of ${regions.join(', ')}`, 'say in which region: --region REGION');
}

/** None where there is no such folder, or none that can be read: a book that is needed is missed by its name. */
async function listNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

const NO_BOOK_NAMED = {
  book: undefined,
  diagnostics: [
    costDiagnostic('invalid-option', { at: '--prices', message: 'names nothing', fix: 'name a price book' }),
  ],
};

async function readNamedBook(directory: string, file: string, named: Region): Promise<PriceBookOfRegion> {
  const { book, diagnostics } =
    file === '' ? NO_BOOK_NAMED : pick(await readPriceBookFile(resolve(directory, file)), directory);
  const problems = [...named.diagnostics, ...diagnostics];
  if (book === undefined || named.region === undefined || named.region === book.region) {
    return { book, region: book?.region ?? named.region, diagnostics: problems };
  }
  const other = unclear(
    '--prices',
    `${file} has the prices of ${book.region}, the templates are deployed in ${named.region}`,
    `hundredfold prices refresh --region ${named.region}`,
  );
  return { book: undefined, region: named.region, diagnostics: [...problems, ...other.diagnostics] };
}

/** Files below the project are named from there. */
function pick(
  { book, diagnostics }: FoundPriceBook,
  directory: string,
): Pick<PriceBookOfRegion, 'book' | 'diagnostics'> {
  const nameOf = (at: string): string => (at.startsWith(directory + sep) ? relative(directory, at) : at);
  return { book, diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, at: nameOf(diagnostic.at) })) };
}
