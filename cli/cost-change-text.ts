import { formatSignedUsd } from '../lib/cost/review/headline.ts';
import { formatValue, type MovedProperty, movedProperties } from '../lib/cost/review/moved-properties.ts';
import type { CostReview } from '../lib/cost/review/review.ts';
import type { Usd } from '../lib/units/usd.ts';
import { renderTable } from './table.ts';
import { hang } from './wrap.ts';

/** Properties that are listed one by one; the rest is summed up. */
const MOST_ROWS = 20;

/** What moved the two bounds, the greatest first: by how much a run, a month, and which property. */
export function changeBlock({ change }: CostReview, columns: number): readonly string[] {
  const { rows, rest } = movedProperties(change?.moved ?? [], MOST_ROWS);
  if (rows.length === 0) return [];
  const entries = [
    ...rows.map((row) => ({ ...row, text: describe(row) })),
    ...(rest.count === 0 ? [] : [{ ...rest, text: `${rest.count} more, in --json` }]),
  ];
  const amounts = entries.map(({ run, month }) => [signed(run), signed(month)]);
  const [heading = '', ...prefixes] = renderTable([['run', 'month'], ...amounts], ['right', 'right']).split('\n');
  const lines = entries.map(({ text }, index) => {
    const prefix = `  ${(prefixes[index] ?? '').padEnd(heading.length)}  `;
    return hang(prefix, text, { indent: prefix.length, columns });
  });
  return ['what moved the bounds', `  ${heading}`, ...lines];
}

const signed = (amount: Usd): string => (amount === 0n ? '' : formatSignedUsd(amount));

function describe({ move: { kind, path, name, from, to } }: MovedProperty): string {
  return kind === 'changed'
    ? `${name} ${formatValue(from)} -> ${formatValue(to)}: ${path}`
    : `${name} ${kind}: ${path}`;
}
