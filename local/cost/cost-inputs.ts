import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import type { PriceBook } from '../../lib/cost/price-book.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { findPriceBookOf } from './price-book-of.ts';
import { readStacks } from './read-stacks.ts';
import { joinStacks, NO_STACKS, type ReadStacks, type StackFile } from './stack-files.ts';
import { type ReviewHost, synthesizeForReview } from './synthesize-for-review.ts';

/** Where the templates, their base and the prices are, as the user named them. */
export interface CostSources {
  /** The project's folder: absolute. */
  readonly directory: string;
  readonly templates: readonly string[];
  readonly app: string | undefined;
  readonly base: string | undefined;
  readonly prices: string | undefined;
  readonly region: string | undefined;
}

/** What a review is made of, as far as it could be read. */
export interface CostInputs {
  readonly stacks: readonly StackFile[];
  readonly base: readonly StackFile[] | undefined;
  readonly book: PriceBook | undefined;
  readonly problems: readonly Diagnostic[];
}

/** Reads everything, whatever of it cannot be read; an app that is not given is synthesized. */
export async function readCostInputs(sources: CostSources, host: ReviewHost): Promise<CostInputs> {
  const [head, base] = await Promise.all([readHead(sources, host), readBase(sources)]);
  const { directory, prices, region } = sources;
  const stackRegions = head.files.flatMap((file) => (file.region === null ? [] : [file.region]));
  const { book, diagnostics } = await findPriceBookOf({ directory, file: prices, region, stackRegions });
  return {
    stacks: head.files,
    base: base?.files,
    book,
    problems: [...head.diagnostics, ...repeatedStacks(head), ...(base?.diagnostics ?? []), ...diagnostics],
  };
}

async function readHead(sources: CostSources, host: ReviewHost): Promise<ReadStacks> {
  const { directory, templates, app } = sources;
  if (templates.length > 0) return joinStacks(await Promise.all(templates.map((file) => readStacks(directory, file))));
  if (app !== undefined) return readStacks(directory, app);
  if (!existsSync(join(directory, 'cdk.json'))) return missingApp(directory);
  try {
    return await readStacks(directory, await synthesizeForReview(directory, host));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { files: [], diagnostics: [synthesisFailed(error)] };
  }
}

const missingApp = (directory: string): ReadStacks => ({
  ...NO_STACKS,
  diagnostics: [
    costDiagnostic('missing-app', {
      at: directory,
      message: 'there is no cdk.json, and neither --app nor --template was given',
      fix: 'name what to review: --app cdk.out, or --template FILE',
    }),
  ],
});

const synthesisFailed = ({ message, resolution }: UserError): Diagnostic =>
  costDiagnostic('synthesis-failed', { at: 'cdk.json', message, fix: resolution });

/** One template on either side is one stack, whatever the files are called. */
async function readBase({ directory, base, templates }: CostSources): Promise<ReadStacks | undefined> {
  if (base === undefined) return undefined;
  const { files, diagnostics } = await readStacks(directory, base);
  const [file] = files;
  const [template] = templates;
  if (file === undefined || template === undefined || files.length > 1 || templates.length > 1) {
    return { files, diagnostics };
  }
  const stack = basename(template).replace(/(\.template)?\.json$/, '');
  return { files: [{ ...file, stack }], diagnostics };
}

function repeatedStacks({ files }: ReadStacks): readonly Diagnostic[] {
  const names = files.map(({ stack }) => stack);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map((name) =>
    costDiagnostic('invalid-option', {
      at: '--template',
      message: `several templates are the stack ${JSON.stringify(name)}`,
      fix: 'name each template once; a stack has the name of its file',
    }),
  );
}
