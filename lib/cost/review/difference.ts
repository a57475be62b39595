import { addUsd, scaleUsd, subtractUsd, type Usd, usdToDecimal, ZERO_USD } from '../../units/usd.ts';
import type { CostLeaf, CostNode, CostSum, CostTimes } from '../tree/cost-node.ts';
import { coreOf, factorName } from './cost-core.ts';
import { pairChildren } from './pair-children.ts';

/** One property, and by how much it moved a bound. */
export interface Moved {
  /** `added` and `removed`: the whole part of the bound at `path`. */
  readonly kind: 'changed' | 'added' | 'removed';
  readonly path: string;
  /** The quantity that changed, or the label of the part that came or went. */
  readonly name: string;
  /** What it was: a quantity, a price or a row of the price book; of a removed part its amount once, in USD. Null where it is new. */
  readonly from: string | null;
  /** What it is now, in the same terms; null where it is gone. */
  readonly to: string | null;
  /** Signed: what it added to the bound. */
  readonly usd: Usd;
}

/**
 * Why `head` costs what it does more or less than `base`, property by property, the greatest move first. The moves add
 * up to the difference of the two amounts exactly: what several properties move together is split by changing them one
 * at a time, factors in their order, the price last.
 */
export function compareTrees(base: CostNode, head: CostNode): readonly Moved[] {
  const ledger = new Map<string, Moved>();
  compare({ base, head }, { often: 1n, ledger });
  return [...ledger.values()].filter(({ usd }) => usd !== 0n).sort(byMagnitude);
}

interface Pair<Node> {
  readonly base: Node;
  readonly head: Node;
}

interface Context {
  /** How often the pair counts: the product of the factors above it. */
  readonly often: bigint;
  readonly ledger: Map<string, Moved>;
}

function compare({ base, head }: Pair<CostNode>, context: Context): void {
  if (base === head) return;
  if (base.kind === 'times' || head.kind === 'times') compareTimes({ base, head }, context);
  else if (base.kind === 'sum' && head.kind === 'sum') compareSums({ base, head }, context);
  else if (base.kind === 'leaf' && head.kind === 'leaf' && isComparable(base, head)) {
    compareLeaves({ base, head }, context);
  } else {
    remove(base, context);
    add(head, context);
  }
}

/** A part that only one side multiplies counts once on the other. */
function compareTimes({ base, head }: Pair<CostNode>, context: Context): void {
  if (base.kind === 'times' && head.kind === 'times' && !isNewWrapper(base, head) && !isNewWrapper(head, base)) {
    compareFactors({ base, head }, context);
  } else if (head.kind === 'times' && (base.kind !== 'times' || isNewWrapper(head, base))) {
    compareFactors({ base: once(base, head), head }, context);
  } else if (base.kind === 'times') {
    compareFactors({ base, head: once(head, base) }, context);
  }
}

/** Whether `outer` multiplies what `other` is: a factor that `other` does not have. */
const isNewWrapper = (outer: CostTimes, other: CostTimes): boolean =>
  !isSame(outer, other) && outer.child.kind === 'times' && isSame(outer.child, other);

const isSame = (one: CostNode, other: CostNode): boolean => one.at === other.at || one.label === other.label;

const once = (child: CostNode, { label, at }: CostTimes): CostTimes => ({
  kind: 'times',
  label,
  at,
  factor: 1n,
  child,
  usd: child.usd,
});

function compareFactors({ base, head }: Pair<CostTimes>, context: Context): void {
  compare({ base: base.child, head: head.child }, { ...context, often: context.often * base.factor });
  if (base.factor === head.factor) return;
  enter(context, {
    kind: 'changed',
    path: head.at,
    name: factorName(head.label),
    from: base.factor.toString(),
    to: head.factor.toString(),
    usd: scaleUsd(head.child.usd, head.factor - base.factor),
  });
}

function compareSums({ base, head }: Pair<CostSum>, context: Context): void {
  const { pairs, onlyBase, onlyHead } = pairChildren(base.children, head.children);
  for (const pair of pairs) compare(pair, context);
  for (const gone of onlyBase) remove(gone, context);
  for (const come of onlyHead) add(come, context);
}

const isComparable = (base: CostLeaf, head: CostLeaf): boolean =>
  base.factors.length === head.factors.length &&
  base.factors.every(({ name }, index) => name === head.factors[index]?.name);

/** Each step is rounded as the amounts are, so that the steps add up to the difference exactly. */
function compareLeaves({ base, head }: Pair<CostLeaf>, context: Context): void {
  const quantities = base.factors.map(({ quantity }) => quantity);
  let amount = base.usd;
  const step = ({ price, divisor }: CostLeaf, change: Change): void => {
    const product = quantities.reduce((total, quantity) => total * quantity, 1n);
    const next = scaleUsd(price, product, divisor);
    enter(context, { kind: 'changed', ...change, usd: subtractUsd(next, amount) });
    amount = next;
  };
  for (const [index, { name, at, quantity }] of head.factors.entries()) {
    const from = quantities[index];
    if (from === undefined || from === quantity) continue;
    quantities[index] = quantity;
    step(base, { path: at, name, from: from.toString(), to: quantity.toString() });
  }
  const change = priceChange(base, head);
  if (change !== undefined) step(head, change);
}

type Change = Omit<Moved, 'kind' | 'usd'>;

/** What is multiplied with the factors: a row of the price book, its price, what the price is for. */
function priceChange(base: CostLeaf, head: CostLeaf): Change | undefined {
  const path = head.itemAt ?? head.at;
  if (base.item !== head.item) return { path, name: 'row of the price book', from: base.item, to: head.item };
  if (base.price !== head.price) {
    const [from, to] = [usdToDecimal(base.price), usdToDecimal(head.price)];
    return { path, name: `price of ${head.item}`, from, to };
  }
  if (base.divisor === head.divisor) return undefined;
  return { path, name: 'quantity a price is for', from: base.divisor.toString(), to: head.divisor.toString() };
}

function remove(node: CostNode, context: Context): void {
  const { at, label } = coreOf(node);
  enter(context, {
    kind: 'removed',
    path: at,
    name: label,
    from: usdToDecimal(node.usd),
    to: null,
    usd: subtractUsd(ZERO_USD, node.usd),
  });
}

function add(node: CostNode, context: Context): void {
  const { at, label } = coreOf(node);
  enter(context, { kind: 'added', path: at, name: label, from: null, to: usdToDecimal(node.usd), usd: node.usd });
}

/** A property that sets several parts is one move. */
function enter({ often, ledger }: Context, move: Moved): void {
  const { kind, path, name, from, to } = move;
  const key = JSON.stringify([kind, path, name, from, to]);
  const earlier = ledger.get(key)?.usd ?? ZERO_USD;
  ledger.set(key, { ...move, usd: addUsd(earlier, scaleUsd(move.usd, often)) });
}

const magnitude = (amount: Usd): bigint => (amount < 0n ? -amount : amount);

function byMagnitude(one: Moved, other: Moved): number {
  const difference = magnitude(other.usd) - magnitude(one.usd);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return one.path < other.path ? -1 : 1;
}
