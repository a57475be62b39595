import { assertNever } from '../../errors/fault.ts';
import { type CostLeaf, type CostNode, type CostSum, sum, times } from '../tree/cost-node.ts';

/** Nodes that an explanation may have before it is folded. */
const LARGEST = 100_000;

/**
 * Keeps explanations at a size that can be shown: what several steps share is one node in memory, but many in print,
 * and loops in loops or executions of executions double it at every level.
 */
export class TreeFolder {
  /** Of the nodes that were folded, or did not need it. */
  readonly #sizes = new WeakMap<CostNode, number>();

  /** The node itself, or, where it is too large, as often each of its leaves as there is in it. The amount is the same. */
  fold(node: CostSum): CostSum {
    const size = node.children.reduce((total, child) => total + this.#sizeOf(child), 1);
    const folded = size > LARGEST ? leavesOf(node) : node;
    this.#sizes.set(folded, size > LARGEST ? folded.children.length + 1 : size);
    return folded;
  }

  #sizeOf(node: CostNode): number {
    const known = this.#sizes.get(node);
    if (known !== undefined || node.kind === 'leaf') return known ?? 1;
    if (node.kind === 'times') return 1 + this.#sizeOf(node.child);
    return node.children.reduce((total, child) => total + this.#sizeOf(child), 1);
  }
}

function leavesOf(node: CostSum): CostSum {
  const counts = new Map<CostNode, bigint>([[node, 1n]]);
  const leaves: CostLeaf[] = [];
  for (const one of fromWholeToPart(node)) {
    const count = counts.get(one) ?? 0n;
    if (one.kind === 'leaf') leaves.push(one);
    else if (one.kind === 'times') addCount(counts, one.child, count * one.factor);
    else for (const child of one.children) addCount(counts, child, count);
  }
  const often = (leaf: CostLeaf): CostNode => times('times in all', leaf.at, counts.get(leaf) ?? 0n, leaf);
  return sum(node.label, node.at, leaves.map(often));
}

function addCount(counts: Map<CostNode, bigint>, node: CostNode, count: bigint): void {
  counts.set(node, (counts.get(node) ?? 0n) + count);
}

/** Every node once, each after all that it is part of. */
function fromWholeToPart(root: CostNode): readonly CostNode[] {
  const seen = new Set<CostNode>();
  const fromPartToWhole: CostNode[] = [];
  const visit = (node: CostNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const part of partsOf(node)) visit(part);
    fromPartToWhole.push(node);
  };
  visit(root);
  return fromPartToWhole.reverse();
}

function partsOf(node: CostNode): readonly CostNode[] {
  switch (node.kind) {
    case 'leaf':
      return [];
    case 'times':
      return [node.child];
    case 'sum':
      return node.children;
    default:
      return assertNever(node);
  }
}
