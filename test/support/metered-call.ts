import type { AcceptableAssumption, CostContext } from '../../lib/cost/cost-context.ts';
import type { JsonObject } from '../../lib/cost/json-object.ts';
import { boundCall } from '../../lib/cost/meters/bound-call.ts';
import type { PriceBook } from '../../lib/cost/price-book.ts';
import type { TemplateResource, TemplateSet } from '../../lib/cost/templates/template-set.ts';
import type { Bounded } from '../../lib/cost/tree/bounded.ts';
import type { CostNode } from '../../lib/cost/tree/cost-node.ts';
import type { Unresolved } from '../../lib/cost/unresolved.ts';
import { usdToDecimal } from '../../lib/units/usd.ts';
import { shippedPriceBook } from './cost-template.ts';

export interface FakeResource {
  readonly type: string;
  readonly properties: JsonObject;
  /** In place of `properties`, what they can be. */
  readonly variants?: readonly JsonObject[];
}

/** Templates of one stack `app` whose properties are resolved already. */
export function templatesOf(resources: Readonly<Record<string, FakeResource>>): TemplateSet {
  const list = Object.entries(resources).map(
    ([logicalId, { type, properties }]): TemplateResource => ({
      address: `app/${logicalId}`,
      stack: 'app',
      logicalId,
      type,
      properties,
      metadata: {},
    }),
  );
  const chosen = (properties: JsonObject, names: readonly string[]) =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
  return {
    resources: list,
    find: (address) => list.find((resource) => resource.address === address),
    variantsOf: ({ logicalId, properties }, names) =>
      (resources[logicalId]?.variants ?? [properties]).map((variant) => chosen(variant, names)),
    valuesOf: (value) => [value],
    definitionsOf: () => ({ value: [], diagnostics: [] }),
  };
}

export interface CallParts {
  /** `glue:startJobRun.sync`, or a whole ARN or marker. */
  readonly call: string;
  readonly arguments?: JsonObject | Unresolved | readonly (JsonObject | Unresolved)[];
  readonly retries?: number;
  readonly resources?: Readonly<Record<string, FakeResource>>;
  /** In place of `resources`. */
  readonly templates?: TemplateSet;
  readonly accepted?: readonly AcceptableAssumption[];
  readonly book?: PriceBook;
}

/** The context of a call; `templates` in place of resources that are resolved already. */
export const contextOf = ({
  resources = {},
  templates = templatesOf(resources),
  accepted = [],
  book = shippedPriceBook(),
}: Partial<CallParts>): CostContext => ({
  templates,
  book,
  accepted: new Set(accepted),
});

/** Bounds one try of a task `Work` of a machine `app/Machine`. */
export function boundOf(parts: CallParts): Bounded {
  const { call, arguments: given = {}, retries = 0 } = parts;
  const resource = /^[\w-]+:/.test(call) && !call.startsWith('arn:') ? `arn:aws:states:::${call}` : call;
  const variants = Array.isArray(given) ? given : [given];
  const at = 'app/Machine.States.Work';
  const task = { name: 'Work', at, resource, argumentsAt: `${at}.Arguments`, arguments: variants, retries };
  return boundCall(task, contextOf(parts));
}

/** The bound in dollars; an error makes it NaN, so that no test takes its number for one. */
export function usdOf(parts: CallParts): number {
  const { node, diagnostics } = boundOf(parts);
  return diagnostics.some(({ severity }) => severity === 'error') ? Number.NaN : Number(usdToDecimal(node.usd));
}

/** What is wrong, as `code path`. */
export const problemsOf = (parts: CallParts): readonly string[] =>
  boundOf(parts).diagnostics.map(({ code, at }) => `${code} ${at}`);

export function leavesOf(node: CostNode): readonly Extract<CostNode, { kind: 'leaf' }>[] {
  if (node.kind === 'leaf') return [node];
  return node.kind === 'times' ? leavesOf(node.child) : node.children.flatMap(leavesOf);
}

/** The book without some of its rows. */
export function bookWithout(...items: readonly string[]): PriceBook {
  const book = shippedPriceBook();
  return { ...book, prices: book.prices.filter(({ item }) => !items.includes(item)) };
}
