import type { Diagnostic } from '../../errors/diagnostic.ts';
import { formatUsd, subtractUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import { formatSignedUsd, headlineOf, otherExceededRuns } from './headline.ts';
import { inlineCode, markdownTable, plainText } from './markdown-table.ts';
import { formatValue, type MovedProperty, movedProperties } from './moved-properties.ts';
import { formatFactors, outlineOf } from './outline.ts';
import type { CostReview } from './review.ts';

/** Rows of a table in a comment; what is beyond is summed up in one. */
const MOST_ROWS = 40;

/** Problems of one list; GitHub takes no comment above 65,536 characters. */
const MOST_PROBLEMS = 30;

/** A review for a pull request: the verdict first, what moved the bound, what keeps it from being one; the rest folded. */
export function reviewToMarkdown(review: CostReview): string {
  const { title, amounts, change } = headlineOf(review);
  const blocks = [
    `**${title}.** ${[amounts, change].filter((sentence) => sentence !== '').join(' ')}`,
    otherRunsBlock(review),
    movesBlock(review),
    diagnosticsBlock(review.diagnostics),
    diagnosticsBlock(review.change?.baseDiagnostics ?? [], 'What keeps the base from having a bound:'),
    details('Where it goes', outlineBlock(review)),
    details('What the bound rests on', basisBlock(review)),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function details(summary: string, body: string): string {
  return body === '' ? '' : `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

const otherRunsBlock = (review: CostReview): string =>
  otherExceededRuns(review)
    .map(({ at, usd, budget }) => {
      const excess = formatUsd(subtractUsd(usd, budget));
      return `- A run of ${inlineCode(at)} may cost ${formatUsd(usd)} (budget ${formatUsd(budget)}, exceeded by ${excess}).`;
    })
    .join('\n');

function movesBlock({ change }: CostReview): string {
  const { rows, rest } = movedProperties(change?.moved ?? [], MOST_ROWS);
  if (rows.length === 0) return '';
  const last = [`${rest.count} more`, '', '', '', amountCell(rest.run), amountCell(rest.month)];
  return markdownTable(
    [['Property', 'What', 'From', 'To', 'Run', 'Month'], ...rows.map(moveRow), ...(rest.count === 0 ? [] : [last])],
    ['left', 'left', 'right', 'right', 'right', 'right'],
  );
}

function moveRow({ move, run, month }: MovedProperty): readonly string[] {
  const { kind, path, name } = move;
  const values = kind === 'changed' ? [move.from, move.to].map((value) => plainText(formatValue(value))) : ['', kind];
  return [inlineCode(path), plainText(name), ...values, amountCell(run), amountCell(month)];
}

const amountCell = (amount: Usd): string => (amount === ZERO_USD ? '' : formatSignedUsd(amount));

function diagnosticsBlock(diagnostics: readonly Diagnostic[], introduction?: string): string {
  if (diagnostics.length === 0) return '';
  const items = diagnostics
    .slice(0, MOST_PROBLEMS)
    .map(
      ({ severity, at, message, code, fix }) =>
        `- ${severity === 'warning' ? 'Warning: ' : ''}${inlineCode(at)}: ${plainText(message)} (${inlineCode(code)})\n` +
        `  Fix: ${plainText(fix)}`,
    );
  const more = diagnostics.length - items.length;
  const rest = more === 0 ? [] : [`- ${more} more, in \`hundredfold cost --full\`.`];
  return [...(introduction === undefined ? [] : [introduction, '']), ...items, ...rest].join('\n');
}

function outlineBlock({ run }: CostReview): string {
  if (run.tree === null) return '';
  const rows = outlineOf(run.tree, { leastPermille: 20, deepest: 2 }).map(
    ({ depth, label, usd, permille, factors }) => [
      `${'&ensp;'.repeat(2 * depth)}${plainText(label)}`,
      plainText(formatFactors(factors)),
      formatUsd(usd),
      `${(permille / 10).toFixed(1)} %`,
    ],
  );
  return markdownTable([['One run', 'Times', 'At most', 'Share'], ...rows], ['left', 'left', 'right', 'right']);
}

/** Without a bound nothing rests on anything. */
function basisBlock({ run, region, compiledOn, assumptions, declared, expected }: CostReview): string {
  if (run.usd === null) return '';
  return [
    `- On-demand prices of ${region}, compiled on ${compiledOn}.`,
    ...assumptions.map(
      ({ name, statement, resolution }) =>
        `- Assumed, ${inlineCode(name)}: ${plainText(statement)}; ${plainText(resolution)}.`,
    ),
    ...declared.map(({ name, description, quantity, unit, usd }) => {
      const amount =
        usd === null || quantity === null ? 'not part of the bound' : `${quantity} ${unit}, ${formatUsd(usd)} a month`;
      return `- Declared, ${inlineCode(name)}: ${plainText(description)}; ${plainText(amount)}.`;
    }),
    ...expected.map(
      ({ at, expectedUsd, boundUsd }) =>
        `- Expected on spot, ${inlineCode(at)}: ${formatUsd(expectedUsd)} a try (at most ${formatUsd(boundUsd)}).`,
    ),
  ].join('\n');
}
