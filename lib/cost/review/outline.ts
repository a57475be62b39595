import { addUsd, scaleUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import type { CostNode, CostTimes, Factor } from '../tree/cost-node.ts';
import { coreOf, factorName } from './cost-core.ts';

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
  /** What a price was multiplied by: `1,800 seconds until Timeout`. */
  readonly quantities: readonly Factor[];
}

export interface OutlineOptions {
  /** Parts below this share of the whole, in thousandths, are summed up in one line. */
  readonly leastPermille: number;
  /** Lines deeper than this are left out. */
  readonly deepest: number;
}

/** Everything, for who wants to check it. */
export const WHOLE_OUTLINE: OutlineOptions = { leastPermille: 0, deepest: Number.POSITIVE_INFINITY };

/**
 * A bound as lines, the dearest part first. What is all but alone in another part is one line with it: a state and its
 * job, beside transitions. Below the whole, the parts of what is all but alone in it.
 */
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

function linesOf(place: Place, context: Context): readonly OutlineLine[] {
  const { node, depth, often } = place;
  const wrappers = wrappersOf(node);
  const core = coreOf(node);
  const usd = scaleUsd(node.usd, often);
  const line: OutlineLine = {
    depth,
    label: core.label,
    at: core.at,
    usd,
    permille: permilleOf(usd, context.whole),
    factors: wrappers.map(({ label, at, factor }) => ({ name: label, at, quantity: factor })),
    quantities: core.kind === 'leaf' ? core.factors : [],
  };
  if (core.kind !== 'sum') return [line];
  const inside = wrappers.reduce((product, { factor }) => product * factor, often);
  const only = allButAlone(core.children, { ...place, often: inside }, context);
  if (only !== undefined && depth > 0) return merged(line, linesOf({ node: only, depth, often: inside }, context));
  if (only?.kind === 'sum' && only.at === core.at) return [line, ...partsOf(only, context)];
  if (depth >= context.deepest) return [line];
  return [line, ...linesBelow(core.children, { depth: depth + 1, often: inside }, context)];
}

/** Lines below the one part that the whole is, as if they were below the whole. */
const partsOf = (only: CostNode, context: Context): readonly OutlineLine[] =>
  linesOf({ node: only, depth: 0, often: 1n }, { ...context, deepest: Math.max(1, context.deepest - 1) }).slice(1);

/** The one part that all of it is, but for what is not worth a line; undefined where there are several or none. */
function allButAlone(children: readonly CostNode[], { often }: Place, context: Context): CostNode | undefined {
  if (context.leastPermille === 0) return undefined;
  const [first, second] = byAmount(children);
  if (first === undefined) return undefined;
  const others = addUsd(...children.map(({ usd }) => usd)) - first.usd;
  const isAlone = second === undefined || others * often * 200n < context.whole;
  return isAlone ? first : undefined;
}

function merged(line: OutlineLine, [first, ...below]: readonly OutlineLine[]): readonly OutlineLine[] {
  if (first === undefined) return [line];
  const isSame = first.label === line.label || first.at === line.at;
  const label = isSame ? line.label : `${line.label}, ${first.label}`;
  const factors = [...line.factors, ...first.factors];
  return [{ ...line, label, at: first.at, factors, quantities: first.quantities }, ...below];
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
  const sorted = byAmount(children);
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
    quantities: [],
  };
}

const byAmount = (nodes: readonly CostNode[]): readonly CostNode[] =>
  nodes.toSorted((one, other) => Number(other.usd > one.usd) - Number(one.usd > other.usd));

const permilleOf = (part: Usd, whole: Usd): number => (whole === ZERO_USD ? 0 : Number((part * 1_000n) / whole));

/** `4 items × 2 tries × 1,800 seconds until Timeout`; what counts once is left out. */
export function formatFactors(factors: readonly Factor[]): string {
  return factors
    .filter(({ quantity }) => quantity !== 1n)
    .map(({ name, quantity }) => `${quantity.toLocaleString('en-US')} ${factorName(name)}`)
    .join(' × ');
}
