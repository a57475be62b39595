import { isObject, type JsonObject } from '../../json-object.ts';
import { isUnresolved, type Unresolved, unresolved } from '../../unresolved.ts';
import type { QueryLanguage, TaskState } from '../../workflow/workflow.ts';
import { combineAll, combineFields, variantsOf } from '../values/variants.ts';
import { evaluateQuery, markedExpression, type Reading, templateField } from './template.ts';

const byRun = (reason: string): Unresolved => unresolved('run', `decided by ${reason}`);

/** What a task can be called with, one variant for each combination of values; without a template its input. */
export function argumentsIn(
  { fields, language, at }: TaskState,
  reading: Reading,
): readonly (JsonObject | Unresolved)[] {
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const template = fields[field];
  if (isObject(template) && !isUnresolved(template) && !asks(template, language)) return [template];
  const because = byRun(template === undefined ? `the input of ${at}` : `${at}.${field}`);
  const variants =
    template === undefined
      ? variantsOf(reading.view.read(reading.document), because)
      : templateVariants(template, reading, because);
  return variants.map((variant) => (isUnresolved(variant) || isObject(variant) ? variant : because));
}

/** Whether a template asks for any value. */
function asks(template: unknown, language: QueryLanguage): boolean {
  if (isUnresolved(template)) return false;
  if (Array.isArray(template)) return template.some((element: unknown) => asks(element, language));
  if (!isObject(template)) return language === 'JSONata' && typeof template === 'string' && template.startsWith('{%');
  return Object.entries(template).some(
    ([name, value]) => (language === 'JSONPath' && name.endsWith('.$')) || asks(value, language),
  );
}

function templateVariants(template: unknown, reading: Reading, because: Unresolved): readonly unknown[] {
  if (isUnresolved(template)) return [template];
  if (Array.isArray(template)) {
    const elements = template.map((element: unknown) => templateVariants(element, reading, because));
    return combineAll(elements, because);
  }
  if (isObject(template)) return fieldVariants(template, reading, because);
  const query = reading.language === 'JSONata' && typeof template === 'string' ? markedExpression(template) : null;
  return query === null ? [template] : queryVariants(query, String(template), reading);
}

function fieldVariants(template: JsonObject, reading: Reading, because: Unresolved): readonly unknown[] {
  const fields = Object.entries(template).map((entry) => templateField(entry, reading.language));
  const values = fields.map(({ query, value }) =>
    query === null ? templateVariants(value, reading, because) : queryVariants(query, String(value), reading),
  );
  return combineFields(
    fields.map(({ name }) => name),
    values,
    because,
  );
}

const queryVariants = (query: string, written: string, reading: Reading): readonly unknown[] =>
  variantsOf(evaluateQuery(query, reading), byRun(written));
