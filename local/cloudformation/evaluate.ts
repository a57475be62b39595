import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { isObject, type JsonObject, type JsonValue } from './template.ts';

/** What an expression may look up; each reports what it cannot give and returns undefined. */
export interface Scope {
  readonly ref: (name: string, at: string) => JsonValue | undefined;
  readonly attribute: (logicalId: string, attribute: string, at: string) => JsonValue | undefined;
  readonly imported: (exportName: string, at: string) => JsonValue | undefined;
  readonly condition: (name: string, at: string) => boolean;
  readonly mapping: (map: string, first: string, second: string) => JsonValue | undefined;
  readonly report: (diagnostic: Diagnostic) => void;
}

type Intrinsic = (argument: JsonValue, scope: Scope, at: string) => JsonValue | undefined;

/**
 * The value of a template expression; `undefined` where it is `AWS::NoValue` or could not be resolved, which the scope
 * has then been told.
 */
export function evaluate(expression: JsonValue, scope: Scope, at: string): JsonValue | undefined {
  if (Array.isArray(expression)) return evaluateList(expression, scope, at);
  if (!isObject(expression)) return expression;
  const [[name, argument] = [], ...rest] = Object.entries(expression);
  if (name !== undefined && argument !== undefined && rest.length === 0 && isIntrinsicName(name)) {
    return evaluateIntrinsic(name, argument, scope, at);
  }
  return evaluateObject(expression, scope, at);
}

const isIntrinsicName = (name: string): boolean => name === 'Ref' || name === 'Condition' || name.startsWith('Fn::');

function evaluateList(items: readonly JsonValue[], scope: Scope, at: string): readonly JsonValue[] {
  return items
    .map((item, index) => evaluate(item, scope, `${at}[${index}]`))
    .filter((item): item is JsonValue => item !== undefined);
}

function evaluateObject(object: JsonObject, scope: Scope, at: string): JsonObject {
  const entries = Object.entries(object)
    .map(([key, item]) => [key, item === undefined ? undefined : evaluate(item, scope, `${at}.${key}`)] as const)
    .filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries);
}

function evaluateIntrinsic(name: string, argument: JsonValue, scope: Scope, at: string): JsonValue | undefined {
  // `Condition` is an intrinsic only as `{Condition: name}` in a condition; in a policy statement it holds an object.
  if (name === 'Condition' && typeof argument !== 'string') {
    return { Condition: evaluate(argument, scope, `${at}.Condition`) };
  }
  const intrinsic = INTRINSICS[name];
  if (intrinsic !== undefined) return intrinsic(argument, scope, `${at}.${name}`);
  scope.report({
    code: 'unknown-intrinsic',
    severity: 'error',
    at,
    message: `${name} is not resolved on the laptop`,
    fix: `write it with one of ${Object.keys(INTRINSICS).join(', ')}`,
  });
  return undefined;
}

function reportArgument(scope: Scope, at: string, expected: string): undefined {
  scope.report({
    code: 'invalid-intrinsic',
    severity: 'error',
    at,
    message: 'the argument has another shape than CloudFormation accepts',
    fix: `write ${expected}`,
  });
  return undefined;
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const join: Intrinsic = (argument, scope, at) => {
  const [separator, list] = Array.isArray(argument) ? argument : [];
  const items = list === undefined ? undefined : evaluate(list, scope, at);
  if (typeof separator !== 'string' || !Array.isArray(items)) {
    return items === undefined ? undefined : reportArgument(scope, at, '[separator, [items]]');
  }
  return items.map(textOf).join(separator);
};

const split: Intrinsic = (argument, scope, at) => {
  const [separator, source] = Array.isArray(argument) ? argument : [];
  const text = source === undefined ? undefined : evaluate(source, scope, at);
  if (typeof separator !== 'string' || typeof text !== 'string') {
    return text === undefined ? undefined : reportArgument(scope, at, '[separator, text]');
  }
  return text.split(separator);
};

const select: Intrinsic = (argument, scope, at) => {
  const [index, list] = Array.isArray(argument) ? argument : [];
  const items = list === undefined ? undefined : evaluate(list, scope, at);
  const item = Array.isArray(items) ? items[Number(index)] : undefined;
  return item ?? (items === undefined ? undefined : reportArgument(scope, at, '[index, [items]] with an item there'));
};

const substitute: Intrinsic = (argument, scope, at) => {
  const [text, bindings] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(bindings)) return reportArgument(scope, at, 'text or [text, {names}]');
  const values = evaluateObject(bindings, scope, at);
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, escaped: string, name: string) => {
    if (escaped === '!') return `\${${name}}`;
    const [logicalId = '', ...attribute] = name.trim().split('.');
    const found =
      values[name] ??
      (attribute.length > 0 ? scope.attribute(logicalId, attribute.join('.'), at) : scope.ref(name, at));
    return textOf(found) ?? '';
  });
};

const attributeOf: Intrinsic = (argument, scope, at) => {
  const [logicalId, attribute] = typeof argument === 'string' ? argument.split(/\.(.*)/s) : listOf(argument);
  if (typeof logicalId !== 'string' || typeof attribute !== 'string') {
    return reportArgument(scope, at, '[logicalId, attribute]');
  }
  return scope.attribute(logicalId, attribute, at);
};

const listOf = (value: JsonValue): readonly JsonValue[] => (Array.isArray(value) ? value : []);

const choose: Intrinsic = (argument, scope, at) => {
  const [condition, whenTrue, whenFalse] = listOf(argument);
  if (typeof condition !== 'string' || whenTrue === undefined || whenFalse === undefined) {
    return reportArgument(scope, at, '[condition, value if true, value if false]');
  }
  return evaluate(scope.condition(condition, at) ? whenTrue : whenFalse, scope, at);
};

const findInMap: Intrinsic = (argument, scope, at) => {
  const keys = listOf(argument).map((item) => textOf(evaluate(item, scope, at)));
  const [map, first, second] = keys;
  if (map === undefined || first === undefined || second === undefined) {
    return reportArgument(scope, at, '[map, first key, second key]');
  }
  return scope.mapping(map, first, second) ?? reportArgument(scope, at, `keys that mapping ${map} has`);
};

const truths = (argument: JsonValue, scope: Scope, at: string): readonly boolean[] =>
  listOf(argument).map((item, index) => evaluate(item, scope, `${at}[${index}]`) === true);

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, at) => (typeof argument === 'string' ? scope.ref(argument, at) : undefined),
  Condition: (argument, scope, at) => scope.condition(textOf(argument) ?? '', at),
  'Fn::GetAtt': attributeOf,
  'Fn::Join': join,
  'Fn::Split': split,
  'Fn::Select': select,
  'Fn::Sub': substitute,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': (argument, scope, at) => {
    const name = evaluate(argument, scope, at);
    return typeof name === 'string' ? scope.imported(name, at) : undefined;
  },
  'Fn::Equals': (argument, scope, at) => {
    const [left, right] = listOf(argument).map((item) => evaluate(item, scope, at));
    return textOf(left) === textOf(right);
  },
  'Fn::And': (argument, scope, at) => truths(argument, scope, at).every((truth) => truth),
  'Fn::Or': (argument, scope, at) => truths(argument, scope, at).some((truth) => truth),
  'Fn::Not': (argument, scope, at) => !truths(argument, scope, at)[0],
};
