import { addUsd, scaleUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import type { CostNode, CostTimes, Factor } from '../tree/cost-node.ts';

/** One line of an explained bound. */
export interface OutlineLine {
  /** 0 for the whole. */
  readonly depth: number;
  readonly label: string;
  /** The property that sets it; null for a line that stands for several. */
  readonly at: string | null;
  /** With every factor above it: lines of one depth below a line add up to it. */
  readonly usd: Usd;
  /** Thousandths of the whole, rounded down. */
  readonly permille: number;
  /** What it was multiplied by to come here from the line above: `4 items`. */
  readonly factors: readonly Factor[];
}

export interface OutlineOptions {
  /** Parts below this share of the whole, in thousandths, are summed up in one line. */
  readonly leastPermille: number;
  /** Lines deeper than this are left out. */
  readonly deepest: number;
}

/** Everything, for who wants to check it. */
export const WHOLE_OUTLINE: OutlineOptions = { leastPermille: 0, deepest: Number.POSITIVE_INFINITY };

/** A bound as lines, the dearest part first; a part that is alone below another takes its place. */
export function outlineOf(tree: CostNode, options: OutlineOptions): readonly OutlineLine[] {
  return linesOf({ node: tree, depth: 0, often: 1n }, { ...options, whole: tree.usd });
}

interface Place {
  readonly node: CostNode;
  readonly depth: number;
  /** Product of the factors above the node. */
  readonly often: bigint;
}

type Context = OutlineOptions & { readonly whole: Usd };

function linesOf({ node, depth, often }: Place, context: Context): readonly OutlineLine[] {
  const wrappers = wrappersOf(node);
  const core = wrappers.at(-1)?.child ?? node;
  const line: OutlineLine = {
    depth,
    label: core.label,
    at: core.at,
    usd: scaleUsd(node.usd, often),
    permille: permilleOf(scaleUsd(node.usd, often), context.whole),
    factors: [
      ...wrappers.map(({ label, at, factor }) => ({ name: label, at, quantity: factor })),
      ...(core.kind === 'leaf' ? core.factors : []),
    ],
  };
  if (core.kind !== 'sum' || depth >= context.deepest) return [line];
  const inside = wrappers.reduce((product, { factor }) => product * factor, often);
  return [line, ...linesBelow(core.children, { depth: depth + 1, often: inside }, context)];
}

function wrappersOf(node: CostNode): readonly CostTimes[] {
  const wrappers: CostTimes[] = [];
  let inner = node;
  while (inner.kind === 'times') {
    wrappers.push(inner);
    inner = inner.child;
  }
  return wrappers;
}

function linesBelow(
  children: readonly CostNode[],
  place: Omit<Place, 'node'>,
  context: Context,
): readonly OutlineLine[] {
  const sorted = children.toSorted((one, other) => Number(other.usd > one.usd) - Number(one.usd > other.usd));
  const isShown = ({ usd }: CostNode): boolean =>
    permilleOf(scaleUsd(usd, place.often), context.whole) >= context.leastPermille;
  const shown = sorted.filter(isShown);
  const rest = sorted.slice(shown.length);
  const lines = shown.flatMap((node) => linesOf({ ...place, node }, context));
  return rest.length === 0 || shown.length === 0 ? lines : [...lines, restLine(rest, place, context)];
}

function restLine(rest: readonly CostNode[], { depth, often }: Omit<Place, 'node'>, { whole }: Context): OutlineLine {
  const usd = scaleUsd(addUsd(...rest.map((node) => node.usd)), often);
  return {
    depth,
    label: rest.length === 1 ? '1 more' : `${rest.length} more`,
    at: null,
    usd,
    permille: permilleOf(usd, whole),
    factors: [],
  };
}

const permilleOf = (part: Usd, whole: Usd): number => (whole === ZERO_USD ? 0 : Number((part * 1_000n) / whole));

/** `4 items × 2 tries × 1,800 seconds until Timeout`; what counts once is left out. */
export function formatFactors(factors: readonly Factor[]): string {
  return factors
    .filter(({ quantity }) => quantity !== 1n)
    .map(({ name, quantity }) => `${quantity.toLocaleString('en-US')} ${name}`)
    .join(' × ');
}
