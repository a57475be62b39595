import type { CostLeaf, CostNode, CostSum } from '../tree/cost-node.ts';

/** What is multiplied, without the factors around it. */
export function coreOf(node: CostNode): CostLeaf | CostSum {
  let core = node;
  while (core.kind === 'times') core = core.child;
  return core;
}

/** What a factor counts, without the count that its label may begin with: `tries` of `2 tries`. */
export const factorName = (label: string): string => label.replace(/^[\d,]+ (x |× )?/, '');
