import { type JsonObject, numberAt, textAt } from '../cloudformation/template.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Present where there is more. */
  readonly next: { readonly NextToken?: string };
}

/** A page of the items, by the parameters MaxResults and NextToken that AWS's listings share. */
export function pageOf<Item>(items: readonly Item[], parameters: JsonObject, most: number): Page<Item> {
  const offset = Number(textAt(parameters, 'NextToken') ?? 0);
  const end = offset + Math.min(numberAt(parameters, 'MaxResults') ?? most, most);
  return { items: items.slice(offset, end), next: end < items.length ? { NextToken: String(end) } : {} };
}
