import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessCost } from '../../lib/cost/assess.ts';
import { type CostRun, runCost, writeFiles } from '../support/cost-cli.ts';
import { faults, spoil } from '../support/spoilt-json.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const readText = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const TEMPLATE = readText('test/support/stranger-template.json');
const PRICES = readText('data/prices/us-east-1.json');

/** Longer than any review of a template of normal size takes. */
const MOST_MILLISECONDS = 5_000;
const TIMEOUT = 120_000;

interface Review {
  readonly verdict: string;
  readonly run: { readonly usd: string | null };
  readonly month: { readonly usd: string | null; readonly tree: object | null };
  readonly tree: object | null;
  readonly machines: readonly object[];
  readonly expected: readonly object[];
  readonly declared: readonly { readonly usd: string | null }[];
  readonly change: { readonly run: { readonly toUsd: string | null }; readonly moved: readonly object[] } | null;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly path: string;
    readonly message: string;
    readonly fix: string;
  }[];
}

/** Reviews files of a folder, which has to end in time and with one document whose parts fit together. */
async function review(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<Review> {
  const folder = await temporaryFolder();
  writeFiles(folder, files);
  const start = performance.now();
  const run = await runCost(folder, ['--json', ...args], assessCost);
  expect(performance.now() - start).toBeLessThan(MOST_MILLISECONDS);
  return consistent(run);
}

function consistent({ exitCode, output }: CostRun): Review {
  // The document is what is tested.
  const document = JSON.parse(output) as Review;
  const errors = document.diagnostics.filter(({ severity }) => severity === 'error');
  const amounts = [
    ...[document.run.usd, document.month.usd, document.tree, document.month.tree],
    document.change?.run.toUsd ?? null,
  ];
  for (const { code, path, message, fix } of document.diagnostics) {
    expect([code, path, message, fix]).not.toContain('');
    expect(Math.max(path.length, message.length, fix.length)).toBeLessThanOrEqual(500);
  }
  if (errors.length === 0) {
    expect([0, 3]).toContain(exitCode);
    expect(amounts.slice(0, 4)).not.toContain(null);
    return document;
  }
  expect([1, 3]).toContain(exitCode);
  expect(document.verdict).toBe('unbounded');
  expect(amounts.filter((amount) => amount !== null)).toEqual([]);
  expect(document.declared.filter(({ usd }) => usd !== null)).toEqual([]);
  expect([...document.machines, ...document.expected, ...(document.change?.moved ?? [])]).toEqual([]);
  return document;
}

describe('the review of bad input', () => {
  it('begins with a template that is bounded', async () => {
    expect(await review({ 'app.json': TEMPLATE }, ['--template', 'app.json'])).toMatchObject({ verdict: 'bounded' });
  });

  it(
    'says what is wrong with templates that have anything anywhere, and shows no number beside it',
    async () => {
      const parsed: unknown = JSON.parse(TEMPLATE);
      await fc.assert(
        fc.asyncProperty(faults, async (made) => {
          await review({ 'app.json': spoil(parsed, made) }, ['--template', 'app.json']);
        }),
        { numRuns: 120, seed: 5 },
      );
    },
    TIMEOUT,
  );

  it(
    'says the same of a base, and of price books',
    async () => {
      const [template, prices]: readonly unknown[] = [JSON.parse(TEMPLATE), JSON.parse(PRICES)];
      const args = ['--template', 'app.json', '--base', 'base.json', '--prices', 'prices.json'];
      await fc.assert(
        fc.asyncProperty(faults, faults, async (ofBase, ofPrices) => {
          const files = { 'app.json': TEMPLATE, 'base.json': spoil(template, ofBase), 'prices.json': PRICES };
          await review(files, args);
          await review({ ...files, 'base.json': TEMPLATE, 'prices.json': spoil(prices, ofPrices) }, args);
        }),
        { numRuns: 25, seed: 5 },
      );
    },
    TIMEOUT,
  );

  it(
    'names the file that is cut off, wherever that is, with what else is wrong',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(TEMPLATE.trimEnd().length - 1), async (length) => {
          const args = ['--template', 'app.json', '--budget', '-1'];
          const { diagnostics } = await review({ 'app.json': TEMPLATE.slice(0, length) }, args);
          expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([
            'invalid-option --budget',
            'malformed-template app.json',
          ]);
        }),
        { numRuns: 25, seed: 5 },
      );
    },
    TIMEOUT,
  );

  it.each([
    ['a list', 200_000, ['[', ']']],
    ['an object', 100_000, ['{"a":', '}']],
  ])('takes %s that is nested without end for no template', async (_, depth, [open = '', close = '']) => {
    const deep = `${open.repeat(depth)}1${close.repeat(depth)}`;
    const template = `{"Resources":{"M":{"Type":"AWS::StepFunctions::StateMachine","Properties":{"Definition":${deep}}}}}`;

    for (const text of [deep, template]) {
      const { diagnostics } = await review({ 'app.json': text }, ['--template', 'app.json']);
      expect(diagnostics.map(({ code }) => code)).toContain('malformed-template');
    }
  });
});
