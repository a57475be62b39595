import type { AcceptableAssumption, CostContext } from '../../lib/cost/cost-context.ts';
import { executionBounds, type Machine } from '../../lib/cost/flow/bound-execution.ts';
import type { CallBound } from '../../lib/cost/meters/task-call.ts';
import type { PriceBook } from '../../lib/cost/price-book.ts';
import { type Bounded, sumBounded } from '../../lib/cost/tree/bounded.ts';
import { leaf } from '../../lib/cost/tree/cost-node.ts';
import type { Proofs } from '../../lib/cost/workflow/proofs.ts';
import { readWorkflow } from '../../lib/cost/workflow/read-workflow.ts';
import type { MapState, TaskState } from '../../lib/cost/workflow/workflow.ts';
import { must } from '../../lib/errors/fault.ts';
import { usd } from '../../lib/units/usd.ts';

/** A tenth of a dollar each, so that amounts are easy to add up by hand. */
export const TRANSITION_USD = '0.1';

export const FLOW_BOOK: PriceBook = {
  version: 1,
  region: 'us-east-1',
  currency: 'USD',
  compiledOn: '2026-11-20',
  prices: [
    {
      item: 'stepfunctions.standard.transition',
      unit: 'transition',
      usd: TRANSITION_USD,
      source: 'test',
      asOf: '2026-11-20',
      confidence: 'high',
    },
  ],
};

/** `costs(7)`: the Resource of a task each of whose tries costs 7 dollars. */
export const costs = (dollars: number): string => `arn:aws:states:::fake:${dollars}`;

/** Reads the dollars from the Resource, whatever the service is. */
export const fakeCall: CallBound = ({ name, at, resource }) => {
  const dollars = /:(\d+)(?:\.sync)?$/.exec(resource)?.[1] ?? '0';
  const node = leaf({ label: name, at: `${at}.Resource`, item: 'fake', price: usd(dollars), factors: [] });
  return { node, diagnostics: [] };
};

/** As many items as a literal list has, or as `MaxItems` says; arguments as written; no loop is proven. */
export const LITERAL_PROOFS: Proofs = {
  argumentsOf: ({ fields }: TaskState) => [(fields['Arguments'] ?? fields['Parameters'] ?? {}) as object as never],
  itemsOf: ({ fields, at }: MapState) => {
    const items = Array.isArray(fields['Items']) ? fields['Items'].length : fields['MaxItems'];
    return typeof items === 'number' ? { count: items, at: `${at}.Items` } : undefined;
  },
  loopOf: () => undefined,
};

export interface FlowOptions {
  readonly proofs?: Partial<Proofs>;
  readonly accepted?: readonly AcceptableAssumption[];
  readonly type?: Machine['type'];
  readonly boundCall?: CallBound;
  readonly book?: PriceBook;
}

/** Bounds the machines by their addresses, and returns what bounds one of them. */
export function boundsOf(definitions: Readonly<Record<string, object>>, options: FlowOptions = {}) {
  const { proofs = {}, accepted = [], type = 'STANDARD', boundCall = fakeCall, book = FLOW_BOOK } = options;
  const machines = Object.entries(definitions).map(([address, definition]) => {
    const read = readWorkflow(definition, address);
    const scope = must(read.value, `a definition: ${JSON.stringify(read.diagnostics)}`);
    return [address, [{ scope, type }]] as const;
  });
  const templates: CostContext['templates'] = {
    resources: [],
    find: () => undefined,
    variantsOf: () => [{}],
    valuesOf: () => [],
    definitionsOf: () => ({ diagnostics: [] }),
  };
  const context: CostContext = { templates, book, accepted: new Set(accepted) };
  const prove = (): Proofs => ({ ...LITERAL_PROOFS, ...proofs });
  const boundEvents = (machine: string): Bounded => sumBounded('events', machine, []);
  return executionBounds({ context, machines: new Map(machines), boundCall, prove, boundEvents });
}

/** The bound of one execution of `definition`, at the address `app/M`. */
export function boundOf(definition: object, options: FlowOptions = {}): Bounded {
  return must(boundsOf({ 'app/M': definition }, options)('app/M'), 'a bound');
}

/** What states cost, in tenths of a dollar, without the start and the end of the execution. */
export function tenthsOf(states: object, options: FlowOptions = {}): number {
  const [startAt = ''] = Object.keys(states);
  const { node } = boundOf({ QueryLanguage: 'JSONata', StartAt: startAt, States: states }, options);
  return Number(node.usd / 100_000_000_000n) - 2;
}

/** Codes and places of what keeps the states from being bounded. */
export function problemsOf(states: object, options: FlowOptions = {}): readonly string[] {
  const [startAt = ''] = Object.keys(states);
  const { diagnostics } = boundOf({ QueryLanguage: 'JSONata', StartAt: startAt, States: states }, options);
  return diagnostics.map(({ code, at }) => `${code} ${at}`);
}
