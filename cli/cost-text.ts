import type { SpotExpectation } from '../lib/cost/assessment.ts';
import { headlineOf, otherExceededRuns } from '../lib/cost/review/headline.ts';
import { answerOf, type CostReview } from '../lib/cost/review/review.ts';
import type { Diagnostic } from '../lib/errors/diagnostic.ts';
import { formatUsd, subtractUsd } from '../lib/units/usd.ts';
import { basisBlocks } from './cost-basis-text.ts';
import { changeBlock } from './cost-change-text.ts';
import { treeBlocks } from './cost-tree-text.ts';
import { formatSeconds, renderTable } from './table.ts';
import { hang, withoutControls } from './wrap.ts';

export interface TextOptions {
  readonly columns: number;
  /** Every line of the bound, with its property. */
  readonly full: boolean;
  readonly spot: SpotExpectation;
}

/** A review for people: the verdict, the bounds, what moved them, where they come from, what they rest on, what next. */
export function renderReview(review: CostReview, options: TextOptions): string {
  const { columns } = options;
  const blocks = [
    headlineBlock(review, columns),
    amountsBlock(review),
    problemsBlock('problems', review.diagnostics.filter(isError), options),
    problemsBlock('what keeps the base from having a bound', review.change?.baseDiagnostics ?? [], options),
    changeBlock(review, columns),
    ...treeBlocks(review, options),
    expectedBlock(review, options),
    problemsBlock('warnings', review.diagnostics.filter(isWarning), options),
    ...basisBlocks(review, options),
    [hang('next: ', nextStep(review, options), { indent: 6, columns })],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return withoutControls(`${text.join('\n\n')}\n`);
}

type Lines = readonly string[];

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';
const isWarning = (diagnostic: Diagnostic): boolean => !isError(diagnostic);

/** The amounts of a bound stand below, in figures. */
function headlineBlock(review: CostReview, columns: number): Lines {
  const { title, amounts, change } = headlineOf(review);
  const sentences = [review.run.usd === null ? amounts : '', change].filter((sentence) => sentence !== '');
  return [hang('', [`${title}.`, ...sentences].join(' '), { indent: 0, columns })];
}

function amountsBlock(review: CostReview): Lines {
  const { run, month, region, compiledOn } = review;
  const isStarted = review.machines.some(({ startsPerMonth }) => startsPerMonth > 0);
  if (region === null || compiledOn === null) return [];
  const rows = [
    { name: 'one run', ...run },
    ...otherExceededRuns(review).map(({ at, ...bound }) => ({ name: `one run of ${at}`, ...bound })),
    { name: isStarted ? 'one month' : 'one month, in which nothing starts a run', ...month },
  ].flatMap(({ name, usd, budget }) => {
    if (usd === null) return [];
    if (budget === null) return [[name, formatUsd(usd), 'at most; no budget is declared']];
    const above = usd > budget ? `${formatUsd(subtractUsd(usd, budget))} above` : 'of';
    return [[name, formatUsd(usd), `at most, ${above} ${formatUsd(budget)}`]];
  });
  const prices = `prices of ${region}, compiled on ${compiledOn}`;
  return rows.length === 0 ? [`  ${prices}`] : [indented(renderTable(rows, ['left', 'right'])), `  ${prices}`];
}

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

/** Problems of one list that are shown without `--full`. */
const MOST_PROBLEMS = 30;

function problemsBlock(title: string, diagnostics: readonly Diagnostic[], { full, columns }: TextOptions): Lines {
  if (diagnostics.length === 0) return [];
  const shown = full ? diagnostics : diagnostics.slice(0, MOST_PROBLEMS);
  const problems = shown.flatMap(({ code, at, message, fix }) => [
    `  ${at} (${code})`,
    hang('    ', message, { indent: 4, columns }),
    hang('    fix: ', fix, { indent: 9, columns }),
  ]);
  const more = diagnostics.length - shown.length;
  return [title, ...problems, ...(more === 0 ? [] : [`  ${more} more: --full shows all`])];
}

function expectedBlock({ expected }: CostReview, { spot, columns }: TextOptions): Lines {
  if (expected.length === 0) return [];
  const rate = `${spot.interruptionsPerHour} interruptions an hour, ${Math.round(spot.saving * 100)} % saved`;
  const amounts = renderTable(
    expected.map(({ expectedUsd }) => [formatUsd(expectedUsd)]),
    ['right'],
  ).split('\n');
  const lines = expected.map(({ at, checkpointSeconds, expectedSeconds, boundUsd }, index) => {
    const checkpoints = checkpointSeconds === null ? 'unknown' : `each ${formatSeconds(checkpointSeconds)}`;
    const detail = `of ${formatUsd(boundUsd)}, ${formatSeconds(expectedSeconds)}, checkpoints ${checkpoints}: ${at}`;
    const prefix = `  ${amounts[index] ?? ''}  `;
    return hang(prefix, detail, { indent: prefix.length, columns });
  });
  return [hang('', `expected of one try on spot, not proven (${rate})`, { indent: 2, columns }), ...lines];
}

function nextStep(review: CostReview, { full }: TextOptions): string {
  const answer = answerOf(review);
  if (answer === 'bad-input') return 'correct what is named above, then the same command';
  if (review.run.usd === null) return 'set what is named above, then the same command';
  if (answer === 'no') return 'lower what costs most, or raise the budget; --full shows every line';
  if (!full) return '--full shows every line, the property that sets it, and what the names above stand for';
  return 'npx hundredfold cost --base DIR shows what a change moves';
}
