import type { CostAssessment, CostRequest } from '../lib/cost/assessment.ts';
import { costDiagnostic } from '../lib/cost/cost-diagnostic.ts';
import {
  answerOf,
  type CostReview,
  type ReviewAnswer,
  reviewCost,
  unreadableReview,
} from '../lib/cost/review/review.ts';
import { reviewToJson } from '../lib/cost/review/review-json.ts';
import { reviewToMarkdown } from '../lib/cost/review/review-markdown.ts';
import { reviewToSarif } from '../lib/cost/review/review-sarif.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { type CostInputs, type CostSources, readCostInputs } from '../local/cost/cost-inputs.ts';
import { placeFinder } from '../local/cost/source-places.ts';
import type { StackFile } from '../local/cost/stack-files.ts';
import { packageVersion } from '../local/package-files.ts';
import { type Command, type CommandContext, defineCommand, type Terminal } from './command.ts';
import { COST_DETAILS, COST_OPTIONS } from './cost-options.ts';
import { type CostOptions, formatOf, type ReviewFormat, readCostSettings } from './cost-settings.ts';
import { renderReview, type TextOptions } from './cost-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { LiveView } from './live-view.ts';

type Assess = (request: CostRequest) => CostAssessment;

/** `hundredfold cost`, which reviews with `assess`. In JSON and SARIF it always answers with one document. */
export function costCommandOf(assess: Assess): Command {
  const command = defineCommand({
    name: 'cost',
    summary: 'bound what a run and a month can cost at most; show what a change moves',
    positionals: '',
    options: COST_OPTIONS,
    details: COST_DETAILS,
    run: async ({ options, positionals, directory, terminal }) => {
      const [extra] = positionals;
      if (extra !== undefined) throw unexpected(extra);
      return reviewProject(options, { directory, terminal }, assess);
    },
  });
  return { help: command.help, execute: (args, context) => answerInFormat(command, args, context) };
}

const unexpected = (word: string): UserError =>
  new UserError({
    code: 'usage',
    message: `cost takes no ${JSON.stringify(word)}`,
    resolution: 'name templates with --template FILE, an assembly with --app DIR',
  });

/** A command line that cannot be understood is answered in the format that it asks for. */
async function answerInFormat(command: Command, args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const isAsked = (option: string): boolean => args.includes(option);
  const format = formatOf({ json: isAsked('--json'), markdown: isAsked('--markdown'), sarif: isAsked('--sarif') });
  try {
    return await command.execute(args, context);
  } catch (error) {
    if (!(error instanceof UserError) || format === 'text') throw error;
    const { message, resolution } = error;
    const problem = costDiagnostic('invalid-option', { at: 'hundredfold cost', message, fix: resolution });
    write({ review: unreadableReview({}, [problem]), format, stacks: [], ...context, text: undefined });
    return EXIT.userError;
  }
}

type Options = CostOptions &
  Omit<CostSources, 'directory' | 'templates'> & { readonly template: readonly string[]; readonly full: boolean };

async function reviewProject(options: Options, context: CommandContext, assess: Assess): Promise<ExitCode> {
  const { directory, terminal } = context;
  const { value: settings, diagnostics } = readCostSettings(options);
  const inputs = await readInputs({ ...options, directory, templates: options.template }, terminal);
  const request = {
    ...settings,
    ...inputs,
    problems: [...diagnostics, ...conflicts(options), ...inputs.problems],
    today: new Date().toISOString().slice(0, 10),
  };
  const review = reviewCost(request, assess);
  const text = { columns: Math.min(terminal.columns, WIDEST), full: options.full, spot: settings.spot };
  write({ review, format: formatOf(options), stacks: inputs.stacks, ...context, text });
  return EXITS[answerOf(review)];
}

/** Lines longer than this are hard to read. */
const WIDEST = 120;

const EXITS = { yes: EXIT.yes, no: EXIT.no, 'bad-input': EXIT.userError } as const satisfies Record<
  ReviewAnswer,
  ExitCode
>;

async function readInputs(sources: CostSources, terminal: Terminal): Promise<CostInputs> {
  const view = new LiveView(terminal, Date.now);
  try {
    return await readCostInputs(sources, { notify: view.notify, tell: (text) => view.tell(text) });
  } finally {
    view.close();
  }
}

function conflicts({ template, app }: Options): CostInputs['problems'] {
  if (template.length === 0 || app === undefined) return [];
  const problem = { at: '--template, --app', message: 'name different templates', fix: 'give one of them' };
  return [costDiagnostic('invalid-option', problem)];
}

interface Output extends CommandContext {
  readonly review: CostReview;
  readonly format: ReviewFormat;
  readonly stacks: readonly StackFile[];
  readonly text: TextOptions | undefined;
}

function write({ review, format, stacks, directory, terminal, text }: Output): void {
  const json = (document: object): string => `${JSON.stringify(document, undefined, 2)}\n`;
  switch (format) {
    case 'json':
      terminal.write(json(reviewToJson(review)));
      return;
    case 'sarif':
      terminal.write(
        json(reviewToSarif(review, { toolVersion: packageVersion(), placeOf: placeFinder(directory, stacks) })),
      );
      return;
    case 'markdown':
      terminal.write(reviewToMarkdown(review));
      return;
    case 'text':
      if (text !== undefined) terminal.write(renderReview(review, text));
      return;
  }
}
