import { assertNever } from '../../errors/fault.ts';
import { addUsd, scaleUsd, type Usd, usdToDecimal } from '../../units/usd.ts';

/** One quantity that an amount is proportional to, and the property that sets it. */
export interface Factor {
  /** For people: `NumberOfWorkers`, `DPU per worker`, `seconds until Timeout`. */
  readonly name: string;
  /** Path of the property: `flight-delays-jobs/IngestJob.Properties.NumberOfWorkers`. */
  readonly at: string;
  readonly quantity: bigint;
}

/** `price x product of the factors / divisor`, rounded up to the picodollar. */
export interface CostLeaf {
  readonly kind: 'leaf';
  readonly label: string;
  /** The property that limits it most directly. */
  readonly at: string;
  /** Row of the price book. */
  readonly item: string;
  /** The property that selects the row, where one does: a version, an instance type. */
  readonly itemAt?: string;
  readonly price: Usd;
  readonly factors: readonly Factor[];
  readonly divisor: bigint;
  readonly usd: Usd;
}

export interface CostSum {
  readonly kind: 'sum';
  readonly label: string;
  readonly at: string;
  readonly children: readonly CostNode[];
  readonly usd: Usd;
}

/** Its child, `factor` times: tries, items, laps, executions. */
export interface CostTimes {
  readonly kind: 'times';
  readonly label: string;
  /** The property that sets the factor. */
  readonly at: string;
  readonly factor: bigint;
  readonly child: CostNode;
  readonly usd: Usd;
}

/** One step of the explanation of a bound; every amount is an inclusive upper bound. */
export type CostNode = CostLeaf | CostSum | CostTimes;

export type LeafParts = Omit<CostLeaf, 'kind' | 'usd' | 'divisor'> & { readonly divisor?: bigint };

export function leaf({ divisor = 1n, ...parts }: LeafParts): CostLeaf {
  const quantity = parts.factors.reduce((product, factor) => product * factor.quantity, 1n);
  return { kind: 'leaf', ...parts, divisor, usd: scaleUsd(parts.price, quantity, divisor) };
}

export function sum(label: string, at: string, children: readonly CostNode[]): CostSum {
  return { kind: 'sum', label, at, children, usd: addUsd(...children.map((child) => child.usd)) };
}

export function times(label: string, at: string, factor: number | bigint, child: CostNode): CostTimes {
  return { kind: 'times', label, at, factor: BigInt(factor), child, usd: scaleUsd(child.usd, factor) };
}

/** A node as JSON: amounts are exact decimal strings in USD, quantities decimal strings. */
export function costNodeToJson(node: CostNode): unknown {
  const { kind, label, at } = node;
  const usd = usdToDecimal(node.usd);
  switch (node.kind) {
    case 'leaf': {
      const factors = node.factors.map(({ name, at: path, quantity }) => ({
        name,
        path,
        quantity: quantity.toString(),
      }));
      const price = { item: node.item, path: node.itemAt, usd: usdToDecimal(node.price) };
      return { kind, label, path: at, usd, price, factors, divisor: node.divisor.toString() };
    }
    case 'sum':
      return { kind, label, path: at, usd, children: node.children.map(costNodeToJson) };
    case 'times':
      return { kind, label, path: at, usd, factor: node.factor.toString(), child: costNodeToJson(node.child) };
    default:
      return assertNever(node);
  }
}
