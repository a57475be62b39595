import { isObject, type JsonObject } from '../../json-object.ts';
import type { QueryLanguage } from '../../workflow/workflow.ts';
import { ANYTHING } from '../values/abstract-value.ts';
import type { View } from '../view.ts';
import type { ValueIn } from './exit.ts';
import { evaluateQuery, evaluateTemplate, type Reading, templateField } from './template.ts';

/** The variables that `Assign` sets, each to what its template gives; all see the variables as they were before. */
export function assignmentsIn(
  fields: JsonObject,
  language: QueryLanguage,
  reading: (view: View) => Reading,
): ReadonlyMap<string, ValueIn> {
  const { Assign } = fields;
  if (!isObject(Assign)) return NONE;
  const assigned = new Map<string, ValueIn>();
  for (const entry of Object.entries(Assign)) {
    const { name, query, value } = templateField(entry, language);
    const evaluated: ValueIn = (view) =>
      query === null ? evaluateTemplate(value, reading(view)) : evaluateQuery(query, reading(view));
    assigned.set(name, assigned.has(name) ? () => ANYTHING : evaluated);
  }
  return assigned;
}

const NONE: ReadonlyMap<string, ValueIn> = new Map();
