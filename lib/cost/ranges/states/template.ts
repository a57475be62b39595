import { isObject } from '../../json-object.ts';
import { isUnresolved } from '../../unresolved.ts';
import type { QueryLanguage } from '../../workflow/workflow.ts';
import { evaluate } from '../jsonata/evaluate.ts';
import type { Expression } from '../jsonata/expression.ts';
import { evaluateIntrinsic } from '../jsonpath/intrinsics.ts';
import { evaluatePath } from '../jsonpath/json-path.ts';
import {
  type AbstractValue,
  ANYTHING,
  IMPOSSIBLE,
  isImpossible,
  recordWith,
  withoutAbsent,
} from '../values/abstract-value.ts';
import { constant, listWith } from '../values/constant.ts';
import type { Place, View } from '../view.ts';

/** How the values that a template asks for are found. */
export interface Reading {
  readonly language: QueryLanguage;
  readonly view: View;
  /** The place of `$` in JSONPath. */
  readonly document: Place;
  /** Parses a JSONata expression, each text once. */
  readonly parse: (text: string) => Expression;
}

/** A field of a template: its name without the `.$` of JSONPath, and the text that is to be evaluated, if it is. */
export interface TemplateField {
  readonly name: string;
  readonly query: string | null;
  readonly value: unknown;
}

const MARKED = /^\{%([\s\S]*)%\}$/;

/** The expression in a text `{% … %}`; null for any other text. */
export const markedExpression = (text: string): string | null => MARKED.exec(text)?.[1]?.trim() ?? null;

export function templateField([name, value]: readonly [string, unknown], language: QueryLanguage): TemplateField {
  if (typeof value !== 'string') return { name, query: null, value };
  if (language === 'JSONata') return { name, query: markedExpression(value), value };
  return name.endsWith('.$') ? { name: name.slice(0, -2), query: value, value } : { name, query: null, value };
}

/** What a text that asks for a value gives: an expression of JSONata, or a path or intrinsic function of JSONPath. */
export function evaluateQuery(query: string, { language, view, document, parse }: Reading): AbstractValue {
  if (language === 'JSONata') return withoutAbsent(evaluate(parse(query), view));
  return query.startsWith('States.') ? evaluateIntrinsic(query, view, document) : evaluatePath(query, view, document);
}

/** What a template gives: Arguments, Output, Parameters, a value in Assign. Where part of it fails, all of it does. */
export function evaluateTemplate(template: unknown, reading: Reading): AbstractValue {
  if (isUnresolved(template)) return constant(template);
  if (Array.isArray(template)) {
    const elements = template.map((element: unknown) => evaluateTemplate(element, reading));
    return elements.some(isImpossible) ? IMPOSSIBLE : listWith(elements);
  }
  if (isObject(template)) return evaluateFields(Object.entries(template), reading);
  const query = reading.language === 'JSONata' && typeof template === 'string' ? markedExpression(template) : null;
  return query === null ? constant(template) : evaluateQuery(query, reading);
}

function evaluateFields(entries: readonly (readonly [string, unknown])[], reading: Reading): AbstractValue {
  const fields = new Map<string, AbstractValue>();
  for (const entry of entries) {
    const { name, query, value } = templateField(entry, reading.language);
    const evaluated = query === null ? evaluateTemplate(value, reading) : evaluateQuery(query, reading);
    if (isImpossible(evaluated)) return IMPOSSIBLE;
    fields.set(name, fields.has(name) ? ANYTHING : evaluated);
  }
  return recordWith(fields);
}
