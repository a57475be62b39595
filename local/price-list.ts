import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costDiagnostic } from '../lib/cost/cost-diagnostic.ts';
import { type OfferFile, readOfferFile } from '../lib/cost/prices/offer-file.ts';
import { PRICED_SERVICES } from '../lib/cost/prices/price-selection.ts';
import type { Checked, Diagnostic } from '../lib/errors/diagnostic.ts';
import { UserError } from '../lib/errors/user-error.ts';

/**
 * AWS's price list as public files, no credentials needed.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files-manually.html (2026-11-21).
 */
const PRICE_LIST = 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws';

/** The longest that one file may take; that of SageMaker is by far the largest. */
const DOWNLOAD_MILLISECONDS = 120_000;

export interface PriceListSource {
  readonly region: string;
  /** A folder with `<service code>.json` files that were downloaded before; absent: AWS's own. */
  readonly folder?: string;
  readonly notify: (line: string) => void;
}

/**
 * Every offer file that a price book is made of.
 * @throws UserError unreachable-price-list: a file cannot be had; what was wrong with the files that could is a value
 */
export async function readPriceList({
  region,
  folder,
  notify,
}: PriceListSource): Promise<Checked<readonly OfferFile[]>> {
  const files: OfferFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const service of PRICED_SERVICES) {
    notify(`reading the prices of ${service}`);
    const at =
      folder === undefined ? `${PRICE_LIST}/${service}/current/${region}/index.json` : join(folder, `${service}.json`);
    const read = parseOfferFile(await (folder === undefined ? download(at) : readFolderFile(at)), at);
    diagnostics.push(...read.diagnostics);
    if (read.value !== undefined) files.push(read.value);
  }
  return diagnostics.length > 0 ? { diagnostics } : { value: files, diagnostics };
}

function parseOfferFile(text: string, at: string): Checked<OfferFile> {
  try {
    return readOfferFile(JSON.parse(text), at);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const fix = 'download the offer file again';
    return {
      diagnostics: [costDiagnostic('malformed-price-list', { at, message: `is no JSON: ${error.message}`, fix })],
    };
  }
}

async function download(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_MILLISECONDS) });
    if (!response.ok) throw unreachable(url, `answered ${response.status} ${response.statusText}`);
    return await response.text();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreachable(url, `cannot be reached: ${reasonOf(error)}`, error);
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};

async function readFolderFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreachable(path, `cannot be read: ${reasonOf(error)}`, error);
  }
}

const unreachable = (at: string, message: string, cause?: unknown): UserError =>
  new UserError({
    code: 'unreachable-price-list',
    message: `${at} ${message}`,
    resolution:
      'check the network and the region, or name a folder of downloaded files with --from; nothing was changed',
    ...(cause === undefined ? {} : { cause }),
  });
