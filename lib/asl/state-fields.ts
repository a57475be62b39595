import type { Diagnostic } from '../errors/diagnostic.ts';
import {
  assignments,
  type Check,
  checkFields,
  type Field,
  integerFrom,
  join,
  listOf,
  literalTrue,
  numberFrom,
  objectOf,
  oneOf,
  optional,
  required,
  template,
  templateOr,
  text,
  wrong,
} from './field-checks.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isExpression } from './query.ts';
import { QUERY_LANGUAGES, type QueryLanguage, STATE_TYPES, type StateType } from './state-machine.ts';

type Fields = Readonly<Record<string, Field>>;

const described = { Type: required(text), Comment: optional(text), QueryLanguage: optional(oneOf(...QUERY_LANGUAGES)) };
const producing = { Output: optional(template), Assign: optional(assignments) };
const successor = { Next: optional(text), End: optional(literalTrue) };

const errorNames = listOf(text);

/** Source: https://states-language.net/spec.html#errors (2026-11-20). */
const retrier = objectOf(() => ({
  Comment: optional(text),
  ErrorEquals: required(errorNames),
  IntervalSeconds: optional(integerFrom(1)),
  MaxAttempts: optional(integerFrom(0)),
  BackoffRate: optional(numberFrom(1)),
  MaxDelaySeconds: optional(integerFrom(1)),
  JitterStrategy: optional(oneOf('FULL', 'NONE')),
}));

const catcher = objectOf(() => ({
  Comment: optional(text),
  ErrorEquals: required(errorNames),
  Next: required(text),
  ...producing,
}));

const choiceRule = objectOf(() => ({
  Comment: optional(text),
  Condition: required(
    templateOr((value, at) => (typeof value === 'boolean' ? [] : [wrong(at, 'true or false', value)])),
  ),
  Next: required(text),
  ...producing,
}));

/** `States.ALL` matches everything: it stands alone, and nothing comes after it. */
const withWildcardLast =
  (item: Check): Check =>
  (value, at) => [...listOf(item)(value, at), ...(Array.isArray(value) ? wildcardProblems(value, at) : [])];

const wildcardProblems = (items: readonly JsonValue[], at: string): readonly Diagnostic[] =>
  items.flatMap((item, place) => {
    const names = isJsonObject(item) ? item['ErrorEquals'] : undefined;
    if (!Array.isArray(names) || !names.includes('States.ALL')) return [];
    const isAloneAndLast = names.length === 1 && place === items.length - 1;
    return isAloneAndLast ? [] : [wrong(`${at}[${place}].ErrorEquals`, 'States.ALL alone and last', names)];
  });

const recovering = { Retry: optional(withWildcardLast(retrier)), Catch: optional(withWildcardLast(catcher)) };

const TASK_RESOURCE =
  /^arn:(aws[a-z-]*|\$\{[^}]+\}):(lambda:[^:]*:[^:]*:function:.+|states:::(aws-sdk:)?[\w-]+:\w+(\.sync(:2)?)?)$/;

const resource: Check = (value, at) =>
  typeof value === 'string' && TASK_RESOURCE.test(value)
    ? []
    : [wrong(at, 'the ARN of a Lambda function or of an integration (request-response or .sync)', value)];

const itemProcessor: Check = (value, at) =>
  objectOf(() => ({
    StartAt: required(text),
    States: required(states),
    ProcessorConfig: optional(objectOf(() => ({ Mode: required(oneOf('INLINE')) }))),
  }))(value, at);

const branch = objectOf(() => ({ Comment: optional(text), StartAt: required(text), States: required(states) }));

const FIELDS_BY_TYPE: Readonly<Record<StateType, Fields>> = {
  Task: {
    ...described,
    ...producing,
    ...recovering,
    ...successor,
    Resource: required(resource),
    Arguments: optional(template),
    TimeoutSeconds: optional(templateOr(integerFrom(1))),
  },
  Choice: {
    ...described,
    ...producing,
    Choices: required(listOf(choiceRule)),
    Default: optional(text),
  },
  Pass: { ...described, ...producing, ...successor },
  Wait: {
    ...described,
    ...producing,
    ...successor,
    Seconds: optional(templateOr(integerFrom(0))),
    Timestamp: optional(templateOr(text)),
  },
  Succeed: { ...described, Output: optional(template) },
  Fail: { ...described, Error: optional(templateOr(text)), Cause: optional(templateOr(text)) },
  Map: {
    ...described,
    ...producing,
    ...recovering,
    ...successor,
    Items: optional(templateOr((value, at) => (Array.isArray(value) ? [] : [wrong(at, 'a list', value)]))),
    ItemSelector: optional(template),
    ItemProcessor: required(itemProcessor),
    MaxConcurrency: optional(templateOr(integerFrom(0))),
  },
  Parallel: {
    ...described,
    ...producing,
    ...recovering,
    ...successor,
    Arguments: optional(template),
    Branches: required(listOf(branch)),
  },
};

/** Every state of a `States` object, with the fields that its type has. */
export function states(value: JsonValue, at: string): readonly Diagnostic[] {
  if (!isJsonObject(value) || Object.keys(value).length === 0)
    return [wrong(at, 'an object with at least one state', value)];
  return Object.entries(value).flatMap(([name, state]) => checkState(state, `${at}.${name}`));
}

function checkState(state: JsonValue, at: string): readonly Diagnostic[] {
  if (!isJsonObject(state)) return [wrong(at, 'a state', state)];
  const type = STATE_TYPES.find((known) => known === state['Type']);
  if (type === undefined) return [wrong(join(at, 'Type'), `one of ${STATE_TYPES.join(', ')}`, state['Type'] ?? null)];
  return [...checkFields(state, at, FIELDS_BY_TYPE[type]), ...alternativeProblems(state, type, at)];
}

/** Pairs of fields of which a state has exactly one. */
function alternativeProblems(state: JsonObject, type: StateType, at: string): readonly Diagnostic[] {
  const exactlyOne = (first: string, second: string): readonly Diagnostic[] =>
    first in state === second in state
      ? [
          {
            code: 'exactly-one-field',
            severity: 'error',
            at,
            message: `needs exactly one of ${first} and ${second}`,
            fix: `keep one of ${first} and ${second}`,
          },
        ]
      : [];
  return [
    ...('Next' in FIELDS_BY_TYPE[type] ? exactlyOne('Next', 'End') : []),
    ...(type === 'Wait' ? exactlyOne('Seconds', 'Timestamp') : []),
  ];
}

const LANGUAGE_FREE_FIELDS = ['Type', 'Comment', 'QueryLanguage', 'Next', 'End'];

/** A JSONPath state whose meaning depends on its language. */
export function languageProblem(state: JsonObject, inherited: QueryLanguage, at: string): readonly Diagnostic[] {
  if ((state['QueryLanguage'] ?? inherited) === 'JSONata') return [];
  const type = state['Type'];
  const isLiteral = (field: string) =>
    type === 'Fail' && ['Error', 'Cause'].includes(field) && !isExpression(state[field]);
  const isFree =
    (type === 'Pass' || type === 'Succeed' || type === 'Fail') &&
    Object.keys(state).every((field) => LANGUAGE_FREE_FIELDS.includes(field) || isLiteral(field));
  return isFree
    ? []
    : [
        {
          code: 'json-path',
          severity: 'error',
          at,
          message: 'query language JSONPath is not supported',
          fix: 'set QueryLanguage to JSONata',
        },
      ];
}
