import { type ApiCall, type AuthorizationRequest, requestsOf } from './api-call.ts';
import type { PolicyDocument, PolicyStatement } from './policy.ts';
import { coversPattern } from './wildcard.ts';

/** What one statement allows, before statements are merged: actions on resources in one context. */
interface Permission<Resource> {
  readonly actions: readonly string[];
  readonly resources: readonly (Resource | '*')[];
  readonly context: Readonly<Record<string, string>>;
}

/**
 * The least policy under which every one of the calls is allowed: nothing but what they need, and no statement that
 * another makes superfluous. Its order follows the calls, so the same calls give the same text.
 */
export function derivePolicy<Resource = string>(calls: readonly ApiCall<Resource>[]): PolicyDocument<Resource> {
  const requests = calls.flatMap((call) => requestsOf(call));
  const byAction = grouped(requests, ({ action, context }) => keyOf([action, context])).map(permissionOf);
  const byResources = grouped(byAction, ({ resources, context }) => keyOf([resources.map(keyOf).sort(), context]));
  return { Version: '2012-10-17', Statement: byResources.map(statementOf) };
}

const keyOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Groups in the order in which their first members appear. */
function grouped<Item>(items: readonly Item[], key: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function permissionOf<Resource>(requests: readonly AuthorizationRequest<Resource>[]): Permission<Resource> {
  const distinct = [...new Map(requests.map(({ resource }) => [keyOf(resource), resource])).values()];
  return {
    actions: requests.slice(0, 1).map(({ action }) => action),
    resources: distinct.filter((_, place) => !isSuperfluous(distinct, place)),
    context: requests[0]?.context ?? {},
  };
}

/** Another pattern of the same action allows it already; of two that allow the same, the first stays. */
function isSuperfluous(resources: readonly unknown[], place: number): boolean {
  const resource = resources[place];
  return resources.some((other, otherPlace) => {
    if (otherPlace === place || !covers(other, resource)) return false;
    return otherPlace < place || !covers(resource, other);
  });
}

/** Only texts can tell; a token stands for itself. */
const covers = (outer: unknown, inner: unknown): boolean =>
  typeof outer === 'string' && typeof inner === 'string' && coversPattern(outer, inner);

function statementOf<Resource>(permissions: readonly Permission<Resource>[]): PolicyStatement<Resource> {
  const { resources, context } = permissions[0] ?? { resources: [], context: {} };
  return {
    Effect: 'Allow',
    Action: permissions.flatMap(({ actions }) => actions),
    Resource: resources,
    ...(Object.keys(context).length === 0 ? {} : { Condition: { StringEquals: context } }),
  };
}
