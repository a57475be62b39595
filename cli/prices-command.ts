import { relative, resolve } from 'node:path';
import type { PriceBook } from '../lib/cost/price-book.ts';
import { type PriceChange, type Refreshed, refreshPriceBook } from '../lib/cost/prices/refresh.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { findPriceBook, projectPriceBook } from '../local/price-books.ts';
import { readPriceList } from '../local/price-list.ts';
import { writeJsonFile } from '../local/state/json-file.ts';
import { defineCommand, type Terminal } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { renderTable } from './table.ts';

export const pricesCommand = defineCommand({
  name: 'prices',
  summary: 'show the price book of a region; prices refresh reads it anew from AWS',
  positionals: '[refresh]',
  options: {
    region: { kind: 'value', value: 'REGION', summary: 'whose prices (us-east-1)' },
    from: { kind: 'value', value: 'DIR', summary: 'read <service code>.json offer files from there, not from AWS' },
    'usage-type': {
      kind: 'list',
      value: 'NAME=ITEM',
      summary: 'what a usage type prices that is not known, or NAME=ignore',
    },
    output: { kind: 'value', value: 'FILE', summary: 'where the book goes (prices/<region>.json)' },
    'dry-run': { kind: 'flag', summary: 'show what would change and write nothing' },
    json: { kind: 'flag', summary: 'as JSON' },
  },
  details: [
    "A project's prices/<region>.json counts before the shipped book, at synthesis and in every review.",
    'A refresh needs no credentials. It fails on DPU-hours under a name that is not known: a job could be billed by it.',
    '',
    'example: hundredfold prices refresh --region eu-west-1',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const region = regionOf(options.region);
    const [verb, ...others] = positionals;
    if (verb === undefined) return show(directory, region, terminal, options);
    if (verb !== 'refresh' || others.length > 0) {
      throw new UserError({
        code: 'usage',
        message: `prices does not take ${positionals.map((word) => JSON.stringify(word)).join(' ')}`,
        resolution: 'write hundredfold prices, or hundredfold prices refresh',
      });
    }
    const output = resolve(directory, options.output ?? projectPriceBook(directory, region));
    return refresh({ ...options, region, output, directory, terminal });
  },
});

/** A region is part of file names and addresses. */
function regionOf(text = 'us-east-1'): string {
  if (/^[a-z0-9-]+$/.test(text)) return text;
  throw new UserError({
    code: 'invalid-option',
    message: `--region is ${JSON.stringify(text)}, which is no region`,
    resolution: 'write it like us-east-1',
  });
}

interface Format {
  readonly json: boolean;
}

async function show(directory: string, region: string, terminal: Terminal, { json }: Format): Promise<ExitCode> {
  const { book, path, diagnostics } = await findPriceBook(directory, region);
  if (book === undefined) throw UserError.fromDiagnostics(`the price book of ${region}`, diagnostics);
  if (json) {
    terminal.write(`${JSON.stringify({ ...book, path }, undefined, 2)}\n`);
    return EXIT.yes;
  }
  const rows = book.prices.map(({ item, usd, unit, asOf, confidence }) => [item, `$${usd}`, unit, asOf, confidence]);
  const table = renderTable([['item', 'price', 'unit', 'as of', 'confidence'], ...rows], ['left', 'right']);
  terminal.write(`${book.prices.length} prices of ${region}, compiled on ${book.compiledOn}\n\n${table}\n`);
  return EXIT.yes;
}

interface RefreshOptions {
  readonly region: string;
  readonly from: string | undefined;
  readonly 'usage-type': readonly string[];
  readonly 'dry-run': boolean;
  readonly json: boolean;
  /** Absolute path. */
  readonly output: string;
  readonly directory: string;
  readonly terminal: Terminal;
}

async function refresh(options: RefreshOptions): Promise<ExitCode> {
  const { region, from, directory, terminal, output } = options;
  const usageTypes = readUsageTypes(options['usage-type']);
  const before = await bookBefore(directory, region);
  const list = await readPriceList({
    region,
    ...(from === undefined ? {} : { folder: resolve(directory, from) }),
    notify: (line) => terminal.report(`${line}\n`),
  });
  if (list.value === undefined) throw UserError.fromDiagnostics('the price list', list.diagnostics);
  const today = new Date().toISOString().slice(0, 10);
  const refreshed = refreshPriceBook({ region, today, files: list.value, before, usageTypes });
  if (refreshed.value === undefined) throw UserError.fromDiagnostics('the price list', refreshed.diagnostics);
  if (!options['dry-run']) await writeJsonFile(output, refreshed.value.book);
  const path = relative(directory, output);
  terminal.write(options.json ? refreshJson(refreshed.value, path) : describe(refreshed.value, path, options));
  return EXIT.yes;
}

/** The book whose rows a refresh starts from; none where the region has none yet. */
async function bookBefore(directory: string, region: string): Promise<PriceBook | undefined> {
  const { book, path, diagnostics } = await findPriceBook(directory, region);
  if (book === undefined && path !== undefined) throw UserError.fromDiagnostics('the price book before', diagnostics);
  return book;
}

function readUsageTypes(mappings: readonly string[]): Readonly<Record<string, string>> {
  const pairs = mappings.map((mapping): [string, string] => {
    const [, name, item] = /^([^=\s]+)=([^=\s]+)$/.exec(mapping) ?? [];
    if (name !== undefined && item !== undefined) return [name, item];
    throw new UserError({
      code: 'invalid-option',
      message: `--usage-type is ${JSON.stringify(mapping)}`,
      resolution:
        'write --usage-type NAME=ITEM, such as --usage-type USE1-ETL-DPU-Hour=glue.etl.standard.v5_1_and_earlier',
    });
  });
  return Object.fromEntries(pairs);
}

const refreshJson = ({ book, changes }: Refreshed, path: string): string =>
  `${JSON.stringify({ version: 1, path, region: book.region, compiledOn: book.compiledOn, changes }, undefined, 2)}\n`;

function describe({ book, changes }: Refreshed, path: string, options: { readonly 'dry-run': boolean }): string {
  const moved = changes.filter(({ kind }) => kind !== 'kept');
  const kept = changes.length - moved.length;
  const rows = changes.map((change) => [change.kind, change.item, beforeOf(change), `$${change.usd}`]);
  const table = renderTable([['', 'item', 'before', 'now'], ...rows], ['left', 'left', 'right', 'right']);
  const confirmed = book.prices.length - changes.length;
  const counts = `${book.prices.length} prices of ${book.region}: ${confirmed} confirmed, ${moved.length} changed, ${kept} not in the price list and kept as they were`;
  const end = options['dry-run'] ? 'nothing was written (--dry-run)' : `written to ${path}`;
  return [counts, ...(changes.length === 0 ? [] : ['', table]), '', `${end}\nnext: npx hundredfold cost\n`].join('\n');
}

function beforeOf(change: PriceChange): string {
  switch (change.kind) {
    case 'raised':
    case 'lowered':
      return `$${change.before}`;
    case 'kept':
      return `as of ${change.asOf}`;
    case 'added':
      return '';
  }
}
