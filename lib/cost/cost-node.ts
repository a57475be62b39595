import { addUsd, scaleUsd, type Usd } from '../units/usd.ts';

/** How a node's amount follows from its children. */
export type Combination = 'leaf' | 'sum' | 'times';

/** One step of the explanation of a bound: its leaves name the template property that sets them. */
export interface CostNode {
  /** For people: `Ingest and check`, `5 x G.1X for at most 30 minutes at $0.308 a DPU-hour`. */
  readonly label: string;
  /** Path into the templates: `flight-delays-jobs/IngestJob.Properties.Timeout`. */
  readonly at: string;
  readonly combination: Combination;
  /** Factor of `times`, 1 for everything else. */
  readonly factor: number;
  /** Inclusive upper bound. */
  readonly usd: Usd;
  readonly children: readonly CostNode[];
}

export function leaf(label: string, at: string, usd: Usd): CostNode {
  return { label, at, combination: 'leaf', factor: 1, usd, children: [] };
}

export function sum(label: string, at: string, children: readonly CostNode[]): CostNode {
  return { label, at, combination: 'sum', factor: 1, usd: addUsd(...children.map((child) => child.usd)), children };
}

export function times(label: string, at: string, factor: number, child: CostNode): CostNode {
  return { label, at, combination: 'times', factor, usd: scaleUsd(child.usd, factor), children: [child] };
}
