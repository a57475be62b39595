import { isObject, type JsonObject } from '../../json-object.ts';
import type { Evaluation } from '../evaluation.ts';
import { attributeOf } from './get-att.ts';
import { type Intrinsic, isListOf, isText, mayBeText, type Name } from './intrinsic.ts';
import { referenceTo } from './ref.ts';
import { joinTexts } from './texts.ts';

const VARIABLE = /\$\{([^}]*)\}/g;

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html (2026-11-20). */
export const SUB: Intrinsic = {
  misuse,
  names: (argument) => {
    const { text, values } = partsOf(argument);
    return [...text.matchAll(VARIABLE)].flatMap(([, name = '']) =>
      isLiteral(name) || Object.hasOwn(values, name) ? [] : [nameOf(name)],
    );
  },
  resolve: (argument, evaluation) => {
    const { text, values } = partsOf(argument);
    const known = new Map<string, unknown>();
    const parts = text.split(VARIABLE).map((part, place) => {
      if (place % 2 === 0) return part;
      if (isLiteral(part)) return `\${${part.slice(1)}}`;
      if (!known.has(part)) known.set(part, variable(part, values, evaluation));
      return known.get(part);
    });
    return joinTexts(parts, '', evaluation);
  },
};

function misuse(argument: unknown): string | undefined {
  const isPair = isListOf(argument, 2) && isText(argument[0]) && isObject(argument[1]);
  if (!isText(argument) && !isPair) return 'a text, or a text and its variables: [text, {name: value}]';
  const { text, values } = partsOf(argument);
  if (!Object.values(values).every(mayBeText)) return 'a text whose variables are texts';
  const wrong = [...text.matchAll(VARIABLE)].find(([, name = '']) => !isLiteral(name) && !/^[\w.:]+$/.test(name));
  return wrong === undefined ? undefined : `a text without '${wrong[0].slice(0, 60)}': write \${!…} for a literal`;
}

function partsOf(argument: unknown): { readonly text: string; readonly values: JsonObject } {
  const [text, values]: readonly unknown[] = Array.isArray(argument) ? argument : [argument, {}];
  return { text: isText(text) ? text : '', values: isObject(values) ? values : {} };
}

/** `${!Name}` is the literal text `${Name}`. */
const isLiteral = (name: string): boolean => name.startsWith('!');

function nameOf(name: string): Name {
  const dot = name.indexOf('.');
  return dot === -1 ? { kind: 'value', name } : { kind: 'attribute', resource: name.slice(0, dot) };
}

function variable(name: string, values: JsonObject, evaluation: Evaluation): unknown {
  if (Object.hasOwn(values, name)) return evaluation.resolve(values[name]);
  const dot = name.indexOf('.');
  if (dot === -1) return referenceTo(name, evaluation);
  return attributeOf(name.slice(0, dot), name.slice(dot + 1), evaluation);
}
