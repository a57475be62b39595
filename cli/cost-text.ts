import type { SpotExpectation } from '../lib/cost/assessment.ts';
import { headlineOf } from '../lib/cost/review/headline.ts';
import { answerOf, type CostReview } from '../lib/cost/review/review.ts';
import type { Diagnostic } from '../lib/errors/diagnostic.ts';
import { formatUsd, subtractUsd } from '../lib/units/usd.ts';
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
    problemsBlock('problems', review.diagnostics, columns),
    problemsBlock('what keeps the base from having a bound', review.change?.baseDiagnostics ?? [], columns),
    changeBlock(review, columns),
    ...treeBlocks(review, options),
    expectedBlock(review, options),
    basisBlock('declared: AWS gives it no cap', declaredLines(review), columns),
    basisBlock('assumed', assumptionLines(review), columns),
    [hang('next: ', nextStep(review, options), { indent: 6, columns })],
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return withoutControls(`${text.join('\n\n')}\n`);
}

type Lines = readonly string[];

/** The amounts of a bound stand below, in figures. */
function headlineBlock(review: CostReview, columns: number): Lines {
  const { title, amounts, change } = headlineOf(review);
  const sentences = [review.run.usd === null ? amounts : '', change].filter((sentence) => sentence !== '');
  return [hang('', [`${title}.`, ...sentences].join(' '), { indent: 0, columns })];
}

function amountsBlock({ run, month, region, compiledOn }: CostReview): Lines {
  if (region === null || compiledOn === null) return [];
  const rows = [
    { name: 'one run', ...run },
    { name: 'one month', ...month },
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

function problemsBlock(title: string, diagnostics: readonly Diagnostic[], columns: number): Lines {
  if (diagnostics.length === 0) return [];
  const problems = diagnostics.flatMap(({ severity, code, at, message, fix }) => [
    `  ${at} (${severity === 'warning' ? 'warning: ' : ''}${code})`,
    hang('    ', message, { indent: 4, columns }),
    hang('    fix: ', fix, { indent: 9, columns }),
  ]);
  return [title, ...problems];
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

type Entry = readonly [name: string, text: string];

function basisBlock(title: string, entries: readonly Entry[], columns: number): Lines {
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  const indent = width + 4;
  return [title, ...entries.map(([name, text]) => hang(`  ${name.padEnd(width)}  `, text, { indent, columns }))];
}

const declaredLines = ({ declared }: CostReview): readonly Entry[] =>
  declared.map(({ name, description, unit, quantity, usd }) => {
    const amount = quantity === null ? 'not part of the bound' : `${quantity} ${unit} a month`;
    return [name, `${description}; ${usd === null ? amount : `${amount}: ${formatUsd(usd)}`}`];
  });

const assumptionLines = ({ assumptions }: CostReview): readonly Entry[] =>
  assumptions.map(({ name, statement, resolution }) => [name, `${statement}; ${resolution}`]);

function nextStep(review: CostReview, { full }: TextOptions): string {
  const answer = answerOf(review);
  if (answer === 'bad-input') return 'correct what is named above, then the same command';
  if (review.run.usd === null) return 'set what is named above, then the same command';
  if (answer === 'no') return 'lower what costs most, or raise the budget';
  if (!full) return 'npx hundredfold cost --full shows every line and the property that sets it';
  return 'npx hundredfold cost --base DIR shows what a change moves';
}
