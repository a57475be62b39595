import {
  formatFactors,
  type OutlineLine,
  type OutlineOptions,
  outlineOf,
  WHOLE_OUTLINE,
} from '../lib/cost/review/outline.ts';
import type { CostReview } from '../lib/cost/review/review.ts';
import type { CostNode } from '../lib/cost/tree/cost-node.ts';
import { formatUsd } from '../lib/units/usd.ts';
import { renderTable } from './table.ts';
import { hang } from './wrap.ts';

interface TreeOptions {
  readonly columns: number;
  /** Every line, with the property that sets it. */
  readonly full: boolean;
}

/** What a reader wants first: parts of at least 2 % of the bound. */
const DEAREST_OF_RUN: OutlineOptions = { leastPermille: 20, deepest: 2 };
const DEAREST_OF_MONTH: OutlineOptions = { leastPermille: 1, deepest: 1 };

/** Where the bounds of a run and of a month come from. */
export function treeBlocks({ run, month }: CostReview, options: TreeOptions): readonly (readonly string[])[] {
  if (run.tree === null || month.tree === null) return [];
  return [
    outlineBlock('one run', run.tree, { ...options, outline: options.full ? WHOLE_OUTLINE : DEAREST_OF_RUN }),
    outlineBlock('one month', month.tree, { ...options, outline: options.full ? WHOLE_OUTLINE : DEAREST_OF_MONTH }),
  ];
}

function outlineBlock(
  title: string,
  tree: CostNode,
  { outline, full, columns }: TreeOptions & { readonly outline: OutlineOptions },
): readonly string[] {
  const lines = outlineOf(tree, outline).filter(({ depth }) => full || depth > 0);
  const least = full ? 0 : 1;
  const rows = lines.map(({ usd, permille }) => [formatUsd(usd), `${(permille / 10).toFixed(1)} %`]);
  const amounts = renderTable(rows, ['right', 'right']).split('\n');
  const shown = lines.map((line, index) => {
    const prefix = `  ${amounts[index] ?? ''}  ${'  '.repeat(line.depth - least)}`;
    return hang(prefix, full ? fully(line) : briefly(line), { indent: prefix.length + 2, columns });
  });
  return lines.length === 0 ? [] : [`where the bound of ${title} comes from`, ...shown];
}

function briefly({ label, factors }: OutlineLine): string {
  const made = formatFactors(factors);
  return made === '' ? label : `${label}: ${made}`;
}

function fully(line: OutlineLine): string {
  const made = formatFactors([...line.factors, ...line.quantities]);
  return [made === '' ? line.label : `${line.label}: ${made}`, ...(line.at === null ? [] : [`[${line.at}]`])].join(' ');
}
