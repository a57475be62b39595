import type { CostNode } from '../tree/cost-node.ts';
import { coreOf } from './cost-core.ts';

export interface PairedChildren {
  readonly pairs: readonly { readonly base: CostNode; readonly head: CostNode }[];
  readonly onlyBase: readonly CostNode[];
  readonly onlyHead: readonly CostNode[];
}

type Identity = (node: CostNode) => string;

/**
 * By what a part is recognised, the surest first: its place and label, its place, what it multiplies (a factor came or
 * went), its label (its stack was renamed).
 */
const IDENTITIES: readonly Identity[] = [
  ({ kind, at, label }) => JSON.stringify([kind, at, label]),
  ({ kind, at }) => JSON.stringify([kind, at]),
  (node) => {
    const { kind, at, label } = coreOf(node);
    return JSON.stringify([kind, at, label]);
  },
  ({ kind, label }) => JSON.stringify([kind, label]),
];

/** The children of two sums, each with its counterpart; those without one are in one only. */
export function pairChildren(base: readonly CostNode[], head: readonly CostNode[]): PairedChildren {
  return IDENTITIES.reduce<PairedChildren>(pairBy, { pairs: [], onlyBase: base, onlyHead: head });
}

function pairBy({ pairs, onlyBase, onlyHead }: PairedChildren, identity: Identity): PairedChildren {
  const waiting = placesBy(onlyHead, identity);
  const found = onlyBase.map((base) => ({ base, place: waiting.get(identity(base))?.pop() }));
  const taken = new Set(found.map(({ place }) => place));
  const heads = found.map(({ base, place }) => ({ base, head: place === undefined ? undefined : onlyHead[place] }));
  return {
    pairs: [...pairs, ...heads.flatMap(({ base, head }) => (head === undefined ? [] : [{ base, head }]))],
    onlyBase: found.filter(({ place }) => place === undefined).map(({ base }) => base),
    onlyHead: onlyHead.filter((_, place) => !taken.has(place)),
  };
}

/** Places of the nodes of each identity, the first one last, so that `pop` takes them in order. */
function placesBy(nodes: readonly CostNode[], identity: Identity): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, node] of [...nodes.entries()].reverse()) {
    const alike = places.get(identity(node));
    if (alike === undefined) places.set(identity(node), [index]);
    else alike.push(index);
  }
  return places;
}
