import type { DeclaredMeter } from '../lib/cost/assessment.ts';
import type { CostReview } from '../lib/cost/review/review.ts';
import { formatUsd } from '../lib/units/usd.ts';
import { hang } from './wrap.ts';

interface BasisOptions {
  readonly columns: number;
  /** With what each name stands for. */
  readonly full: boolean;
}

type Lines = readonly string[];

type Entry = readonly [name: string, text: string];

/** What the bound rests on and what is not in it: by name, or with what each name stands for. Nothing without a bound. */
export function basisBlocks(
  { run, declared, assumptions }: CostReview,
  { full, columns }: BasisOptions,
): readonly Lines[] {
  if (full) {
    return [
      basisBlock('declared: AWS gives it no cap', declared.map(declaredEntry), columns),
      basisBlock(
        'assumed',
        assumptions.map(({ name, statement, resolution }) => [name, `${statement}; ${resolution}`]),
        columns,
      ),
    ];
  }
  if (run.usd === null) return [];
  const isCounted = ({ quantity }: DeclaredMeter): boolean => quantity !== null;
  const uncounted = declared.filter((meter) => !isCounted(meter));
  return [
    basisBlock('declared, and part of the month', declared.filter(isCounted).map(declaredEntry), columns),
    [
      ...namesBlock('not part of the bounds, AWS gives no cap:', uncounted, columns),
      ...namesBlock('assumed:', assumptions, columns),
    ],
  ];
}

function namesBlock(title: string, named: readonly { readonly name: string }[], columns: number): Lines {
  const names = named.map(({ name }) => name).join(', ');
  return names === '' ? [] : [hang(`${title} `, names, { indent: 2, columns })];
}

function basisBlock(title: string, entries: readonly Entry[], columns: number): Lines {
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  const indent = width + 4;
  return [title, ...entries.map(([name, text]) => hang(`  ${name.padEnd(width)}  `, text, { indent, columns }))];
}

function declaredEntry({ name, description, unit, quantity, usd }: DeclaredMeter): Entry {
  const amount = quantity === null ? 'not part of the bound' : `${quantity} ${unit} a month`;
  return [name, `${description}; ${usd === null ? amount : `${amount}: ${formatUsd(usd)}`}`];
}
