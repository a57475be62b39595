import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { packagePath } from './package-root.ts';

/** Where price books lie: the project's own count before those that are shipped. */
const folders = (): readonly string[] => [resolve('prices'), packagePath('data', 'prices')];

/** Regions that have a price book. */
export function pricedRegions(): readonly string[] {
  const files = folders().flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const books = files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  return [...new Set(books)].toSorted();
}

/**
 * The text of a priced region's book.
 * @throws UserError missing-price-book
 */
export function priceBookText(region: string): string {
  const path = folders()
    .map((folder) => join(folder, `${region}.json`))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return readFileSync(path, 'utf8');
  throw new UserError({
    code: 'missing-price-book',
    message: `there is no price book of ${region}, only of ${pricedRegions().join(', ')}`,
    resolution: `hundredfold prices refresh --region ${region}`,
  });
}
