import jsonata from 'jsonata';
import { isObject, type JsonObject } from '../../json-object.ts';
import { changesData, walksContext } from './element-context.ts';
import { type Expression, endsInCall, type ListPart, OPAQUE, type Statement } from './expression.ts';
import { isFunctionName } from './functions.ts';

/** Nesting that no expression of a person reaches: deeper ones are opaque. */
const MAX_DEPTH = 200;

/** What changes the meaning of any node that has it, in ways that are not read. */
const UNREAD_MARKS = ['group', 'focus', 'index', 'tuple', 'ancestor'] as const;

const SIMPLE_REFERENCE = /^\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)$/;
/** Names that are words of the language where a field's name could stand. */
const OPERATOR_NAME = /\.(?:and|or|in)\b/;

/** Reads the text between `{%` and `%}`; what cannot be parsed is opaque. */
export function readExpression(text: string): Expression {
  const simple = SIMPLE_REFERENCE.exec(text);
  if (simple !== null && !OPERATOR_NAME.test(text)) return readSimple(simple[1] ?? '', simple[2] ?? '');
  try {
    return readTree(jsonata(text).ast(), text);
  } catch {
    return OPAQUE; // JSONata throws objects for what it cannot parse, and a range error for what nests too deep
  }
}

function readTree(tree: unknown, text: string): Expression {
  const expression = readNode(tree, 0);
  const hasHiddenBinding = text.includes(':=') && countBindings(tree) !== countStatements(expression);
  return hasHiddenBinding || changesData(expression) ? OPAQUE : expression;
}

const readSimple = (name: string, path: string): Expression => ({
  kind: 'reference',
  name,
  path: path === '' ? [] : path.slice(1).split('.'),
});

function readNode(node: unknown, depth: number): Expression {
  if (!isObject(node) || depth > MAX_DEPTH || UNREAD_MARKS.some((mark) => mark in node)) return OPAQUE;
  if (node['keepArray'] === true && node['type'] !== 'path') return OPAQUE;
  const expression = readPlain(node, depth + 1);
  const filters = filtersIn(node['predicate'], depth);
  if (filters.length > 0 && endsInCall(expression)) return OPAQUE;
  return filters.reduce<Expression>((of, by) => ({ kind: 'filter', of, by }), expression);
}

function filtersIn(stages: unknown, depth: number): readonly Expression[] {
  if (!Array.isArray(stages)) return [];
  return stages.map((stage: unknown) => (isFilter(stage) ? readInContext(stage['expr'], depth + 1) : OPAQUE));
}

/** What is evaluated for each element of something. */
function readInContext(node: unknown, depth: number): Expression {
  const expression = readNode(node, depth);
  return walksContext(expression) ? OPAQUE : expression;
}

const isFilter = (stage: unknown): stage is JsonObject => isObject(stage) && stage['type'] === 'filter';

const READERS: Readonly<Record<string, (node: JsonObject, depth: number) => Expression>> = {
  string: ({ value }) => (typeof value === 'string' ? { kind: 'literal', value } : OPAQUE),
  number: ({ value }) => (typeof value === 'number' ? { kind: 'literal', value } : OPAQUE),
  value: ({ value }) => (value === null || typeof value === 'boolean' ? { kind: 'literal', value } : OPAQUE),
  variable: readVariable,
  path: readPath,
  unary: readUnary,
  binary: readBinary,
  condition: readCondition,
  function: readCall,
  apply: readChain,
  lambda: readLambda,
  block: readBlock,
};

function readPlain(node: JsonObject, depth: number): Expression {
  const type = node['type'];
  const reader = typeof type === 'string' && Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  return reader === undefined ? OPAQUE : reader(node, depth);
}

/** `$` is what is in hand, `$$` what JSONata was given: neither is known. */
function readVariable({ value }: JsonObject): Expression {
  return typeof value === 'string' && value !== '' && value !== '$'
    ? { kind: 'reference', name: value, path: [] }
    : OPAQUE;
}

function readPath(node: JsonObject, depth: number): Expression {
  const steps = listIn(node['steps']);
  const [first, ...rest] = steps;
  if (isObject(first) && 'stages' in first) return OPAQUE;
  const start = readNode(withoutListMark(first), depth);
  const path = rest.reduce<Expression>((of, step) => readStep(of, step, depth), start);
  return node['keepSingletonArray'] === true && path !== OPAQUE ? { kind: 'listed', of: path } : path;
}

/** A step's `[]` is said of the path as a whole. */
function withoutListMark(step: unknown): unknown {
  if (!isObject(step)) return step;
  const { keepArray: _, ...rest } = step;
  return rest;
}

function readStep(of: Expression, step: unknown, depth: number): Expression {
  if (!isObject(step) || UNREAD_MARKS.some((mark) => mark in step)) return OPAQUE;
  const { type, value } = step;
  const filters = filtersIn(step['stages'], depth);
  if (type !== 'name' || typeof value !== 'string') {
    return filters.length > 0 ? OPAQUE : { kind: 'each', of, each: readInContext(withoutListMark(step), depth) };
  }
  if (of.kind === 'reference' && filters.length === 0) return { ...of, path: [...of.path, value] };
  return { kind: 'field', of, name: value, filters };
}

function readUnary(node: JsonObject, depth: number): Expression {
  switch (node['value']) {
    case '-':
      return { kind: 'negation', of: readNode(node['expression'], depth) };
    case '[':
      return { kind: 'list', parts: listIn(node['expressions']).map((part) => readListPart(part, depth)) };
    case '{':
      return readRecord(listIn(node['lhs']), depth);
    default:
      return OPAQUE;
  }
}

const readListPart = (part: unknown, depth: number): ListPart => ({
  value: readNode(part, depth),
  isNested: isObject(part) && part['value'] === '[',
});

function readRecord(pairs: readonly unknown[], depth: number): Expression {
  const fields = pairs.flatMap((pair) => {
    const [name, value]: readonly unknown[] = listIn(pair);
    const key = readNode(name, depth);
    return key.kind === 'literal' && typeof key.value === 'string'
      ? [[key.value, readNode(value, depth)] as const]
      : [];
  });
  return fields.length === pairs.length ? { kind: 'record', fields } : OPAQUE;
}

function readBinary(node: JsonObject, depth: number): Expression {
  const sides = { left: readNode(node['lhs'], depth), right: readNode(node['rhs'], depth) };
  const operator = node['value'];
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return { kind: 'arithmetic', operator, ...sides };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { kind: 'comparison', operator, ...sides };
    case '=':
    case '!=':
      return { kind: 'equality', operator, ...sides };
    case 'and':
    case 'or':
      return { kind: 'logic', operator, ...sides };
    case '&':
    case '..':
    case 'in':
      return { kind: 'other', operator, ...sides };
    default:
      return OPAQUE;
  }
}

function readCondition(node: JsonObject, depth: number): Expression {
  return {
    kind: 'condition',
    condition: readNode(node['condition'], depth),
    whenTrue: readNode(node['then'], depth),
    whenFalse: node['else'] === undefined ? null : readNode(node['else'], depth),
  };
}

function readCall(node: JsonObject, depth: number): Expression {
  const procedure = node['procedure'];
  if (!isObject(procedure) || procedure['type'] !== 'variable' || typeof procedure['value'] !== 'string') return OPAQUE;
  const parameters = listIn(node['arguments']).map((argument) => readNode(argument, depth));
  return { kind: 'call', name: procedure['value'], parameters };
}

/** `value ~> $function(more)` calls it with the value first. */
function readChain(node: JsonObject, depth: number): Expression {
  const value = readNode(node['lhs'], depth);
  const called = readNode(node['rhs'], depth);
  if (called.kind === 'call') return { ...called, parameters: [value, ...called.parameters] };
  const isName = called.kind === 'reference' && called.path.length === 0;
  return isName ? { kind: 'call', name: called.name, parameters: [value] } : OPAQUE;
}

/** A call in last place is wrapped in a function of its own, which is called once the function is left. */
function readLambda(node: JsonObject, depth: number): Expression {
  if (node['thunk'] === true) return { kind: 'last-call', of: readNode(node['body'], depth) };
  const names = listIn(node['arguments']).flatMap((argument) =>
    isObject(argument) && typeof argument['value'] === 'string' ? [argument['value']] : [],
  );
  return names.some(isFunctionName) ? OPAQUE : { kind: 'lambda', names, body: readNode(node['body'], depth) };
}

function readBlock(node: JsonObject, depth: number): Expression {
  const statements = listIn(node['expressions']).map((statement) => readStatement(statement, depth));
  return { kind: 'block', statements };
}

function readStatement(node: unknown, depth: number): Statement {
  if (!isObject(node) || node['type'] !== 'bind') return { binds: null, value: readNode(node, depth) };
  const target = node['lhs'];
  const name = isObject(target) && typeof target['value'] === 'string' ? target['value'] : '';
  return isFunctionName(name) ? { binds: null, value: OPAQUE } : { binds: name, value: readNode(node['rhs'], depth) };
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** All bindings of a tree: one that is not a statement of a block, or gives a function's name another meaning, would be missed. */
function countBindings(tree: unknown): number {
  const parts = Array.isArray(tree) ? tree : isObject(tree) ? Object.values(tree) : [];
  const here = isObject(tree) && tree['type'] === 'bind' ? 1 : 0;
  return parts.reduce((sum: number, part: unknown) => sum + countBindings(part), here);
}

function countStatements(part: unknown): number {
  const parts = Array.isArray(part) ? part : isObject(part) ? Object.values(part) : [];
  const here = isObject(part) && typeof part['binds'] === 'string' ? 1 : 0;
  return parts.reduce((sum: number, inner: unknown) => sum + countStatements(inner), here);
}
