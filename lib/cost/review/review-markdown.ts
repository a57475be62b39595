import type { Diagnostic } from '../../errors/diagnostic.ts';
import { addUsd, formatUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import { formatSignedUsd, headlineOf } from './headline.ts';
import { inlineCode, markdownTable, plainText } from './markdown-table.ts';
import { formatFactors, outlineOf } from './outline.ts';
import type { BoundMoved, CostReview } from './review.ts';

/** Rows of a table in a comment; what is beyond is summed up in one. */
const MOST_ROWS = 40;

/** A review for a pull request: the verdict first, what moved the bound, what keeps it from being one; the rest folded. */
export function reviewToMarkdown(review: CostReview): string {
  const { title, sentences } = headlineOf(review);
  const blocks = [
    `**${title}.** ${sentences.map(plainText).join(' ')}`,
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

interface PropertyMove {
  readonly move: BoundMoved;
  readonly run: Usd;
  readonly month: Usd;
}

function movesBlock({ change }: CostReview): string {
  const moves = propertiesOf(change?.moved ?? []);
  if (moves.length === 0) return '';
  const rest = moves.slice(MOST_ROWS);
  const rows = moves.slice(0, MOST_ROWS).map(moveRow);
  const last = [`${rest.length} more`, '', '', '', ...[sumOf(rest, 'run'), sumOf(rest, 'month')].map(amountCell)];
  return markdownTable(
    [['Property', 'What', 'From', 'To', 'Run', 'Month'], ...rows, ...(rest.length === 0 ? [] : [last])],
    ['left', 'left', 'right', 'right', 'right', 'right'],
  );
}

/** One row a property, in the order of its greatest move. */
function propertiesOf(moved: readonly BoundMoved[]): readonly PropertyMove[] {
  const properties = new Map<string, PropertyMove>();
  for (const move of moved) {
    const { kind, path, name } = move;
    const once = kind === 'changed' ? [move.from, move.to] : [];
    const key = JSON.stringify([kind, path, name, ...once]);
    const row = properties.get(key) ?? { move, run: ZERO_USD, month: ZERO_USD };
    properties.set(key, { ...row, [move.bound]: addUsd(row[move.bound], move.usd) });
  }
  return [...properties.values()];
}

function moveRow({ move, run, month }: PropertyMove): readonly string[] {
  const { kind, path, name, from, to } = move;
  const values = kind === 'changed' ? [valueCell(from), valueCell(to)] : ['', kind];
  return [inlineCode(path), plainText(name), ...values, amountCell(run), amountCell(month)];
}

/** Quantities as people read them; rows of the price book as they are. */
const valueCell = (value: string | null): string =>
  value !== null && /^\d+$/.test(value) ? BigInt(value).toLocaleString('en-US') : plainText(value ?? '');

const amountCell = (amount: Usd): string => (amount === ZERO_USD ? '' : formatSignedUsd(amount));

const sumOf = (moves: readonly PropertyMove[], bound: 'run' | 'month'): Usd =>
  addUsd(...moves.map((move) => move[bound]));

function diagnosticsBlock(diagnostics: readonly Diagnostic[], introduction?: string): string {
  if (diagnostics.length === 0) return '';
  const items = diagnostics.map(
    ({ severity, at, message, code, fix }) =>
      `- ${severity === 'warning' ? 'Warning: ' : ''}${inlineCode(at)}: ${plainText(message)} (${inlineCode(code)})\n` +
      `  Fix: ${plainText(fix)}`,
  );
  return [...(introduction === undefined ? [] : [introduction, '']), ...items].join('\n');
}

function outlineBlock({ run }: CostReview): string {
  if (run.tree === null) return '';
  const rows = outlineOf(run.tree, { leastPermille: 20, deepest: 2 }).map(
    ({ depth, label, usd, permille, factors }) => [
      `${'&ensp;'.repeat(2 * depth)}${plainText(label)}`,
      formatUsd(usd),
      `${(permille / 10).toFixed(1)} %`,
      plainText(formatFactors(factors)),
    ],
  );
  return markdownTable([['One run', 'At most', 'Share', 'Made of'], ...rows], ['left', 'right', 'right', 'left']);
}

function basisBlock({ region, compiledOn, assumptions, declared, expected }: CostReview): string {
  if (region === null || compiledOn === null) return '';
  return [
    `- On-demand prices of ${region}, compiled on ${compiledOn}.`,
    ...assumptions.map(
      ({ name, statement, resolution }) =>
        `- Assumed, ${inlineCode(name)}: ${plainText(statement)}. ${plainText(resolution)}.`,
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
