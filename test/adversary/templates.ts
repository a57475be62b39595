import { compileExpression, type Evaluation, type Sight } from './expressions.ts';
import { UNKNOWN, type Value, valueAt } from './values.ts';

const EXPRESSION = /^\{%([\s\S]*)%\}$/;
const SUM = /^States\.MathAdd\(\s*(\S+?)\s*,\s*(-?[\d.]+)\s*\)$/;

const cache = new WeakMap<object, Evaluation>();

/** A JSONata payload: JSON in which texts may be expressions. Undefined where one of them fails. */
export function jsonataTemplate(payload: unknown): Evaluation {
  return cached(payload, () => compilePayload(payload, jsonataText, (name) => name));
}

/** A JSONPath payload: fields whose names end in `.$` hold paths or intrinsic functions. */
export function jsonpathTemplate(payload: unknown): Evaluation {
  return cached(payload, () =>
    compilePayload(
      payload,
      (text) => () => text,
      (name, value) => (name.endsWith('.$') && typeof value === 'string' ? name.slice(0, -2) : name),
    ),
  );
}

function cached(payload: unknown, compile: () => Evaluation): Evaluation {
  if (typeof payload !== 'object' || payload === null) return compile();
  const known = cache.get(payload);
  if (known !== undefined) return known;
  const evaluation = compile();
  cache.set(payload, evaluation);
  return evaluation;
}

type Naming = (name: string, value: unknown) => string;

function compilePayload(payload: unknown, text: (value: string) => Evaluation, rename: Naming): Evaluation {
  if (typeof payload === 'string') return text(payload);
  if (Array.isArray(payload)) return list(payload.map((item: unknown) => compilePayload(item, text, rename)));
  if (typeof payload !== 'object' || payload === null) return () => payload as Value;
  return fields(
    Object.entries(payload).map(([name, value]) => {
      const given = rename(name, value);
      return [given, given === name ? compilePayload(value, text, rename) : compilePath(String(value))] as const;
    }),
  );
}

function list(items: readonly Evaluation[]): Evaluation {
  return (sight) => {
    const values = items.map((item) => item(sight)).filter((value) => value !== undefined);
    return values.length === items.length ? values : undefined;
  };
}

function fields(entries: readonly (readonly [string, Evaluation])[]): Evaluation {
  return (sight) => {
    const values: Record<string, Value> = {};
    for (const [name, evaluation] of entries) {
      const value = evaluation(sight);
      if (value === undefined) return undefined;
      values[name] = value;
    }
    return values;
  };
}

function jsonataText(text: string): Evaluation {
  const expression = EXPRESSION.exec(text)?.[1];
  return expression === undefined ? () => text : compileExpression(expression.trim());
}

const paths = new Map<string, Evaluation>();

/** A JSONPath reference or `States.MathAdd`; other functions have unknown values. */
export function compilePath(text: string): Evaluation {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const [, reference, step] = SUM.exec(text) ?? [];
  const evaluation = reference === undefined ? reader(text) : sum(reader(reference), Number(step));
  paths.set(text, evaluation);
  return evaluation;
}

/** `States.MathAdd` works on whole numbers: it rounds what it is given. */
function sum(read: Evaluation, step: number): Evaluation {
  return (sight: Sight) => {
    const value = read(sight);
    if (value === UNKNOWN || value === undefined) return value;
    return typeof value === 'number' ? Math.round(value) + Math.round(step) : undefined;
  };
}

function reader(text: string): Evaluation {
  const [root = '', ...path] = text.split('.');
  if (!/^\$\w*$/.test(root) || path.some((name) => !/^\w+$/.test(name))) return () => UNKNOWN;
  return root === '$'
    ? ({ input }) => valueAt(input, path)
    : ({ variables }) => valueAt(variables[root.slice(1)], path);
}
