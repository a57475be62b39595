import type { WorkflowState } from '../../workflow/workflow.ts';
import { evaluatePath, placeAt } from '../jsonpath/json-path.ts';
import { type AbstractValue, ANYTHING, recordWith } from '../values/abstract-value.ts';
import type { Place, View } from '../view.ts';
import { INPUT, withDocument } from './exit.ts';
import type { Reading } from './template.ts';

export type Parse = Reading['parse'];

/** How the templates of a state find what they ask for, as long as it has no result: JSONPath's `$` is its effective input. */
export function readingOf(state: WorkflowState, view: View, parse: Parse): Reading {
  const { language, fields } = state;
  const reading: Reading = { language, view, document: INPUT, parse };
  return language === 'JSONata' ? reading : throughPath(fields['InputPath'], reading, 'effectiveInput');
}

/** The reading of what a path (`InputPath`, `OutputPath`) leaves of the document; null leaves an empty object. */
export function throughPath(path: unknown, reading: Reading, name: string): Reading {
  const { view, document } = reading;
  if (path === undefined || path === '$') return reading;
  const place = typeof path === 'string' ? placeAt(path, document) : null;
  if (place !== null) return { ...reading, document: place };
  const value = path === null ? recordWith(new Map()) : evaluateAt(path, view, document);
  return { ...reading, view: withDocument(view, name, value), document: { name: 'states', path: [name] } };
}

const evaluateAt = (path: unknown, view: View, document: Place): AbstractValue =>
  typeof path === 'string' ? evaluatePath(path, view, document) : ANYTHING;
