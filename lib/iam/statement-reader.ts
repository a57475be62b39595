import { UserError } from '../errors/user-error.ts';

const CONDITION_OPERATORS = [
  'StringEquals',
  'StringLike',
  'ForAnyValue:StringNotEquals',
  'NumericGreaterThan',
  'Bool',
] as const;
type ConditionOperator = (typeof CONDITION_OPERATORS)[number];

export interface ReadCondition {
  readonly operator: ConditionOperator;
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement with everything in lists. */
export interface ReadStatement {
  /** `<policy>/<Sid or position>`, as decisions quote it. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly ReadCondition[];
}

const STATEMENT_FIELDS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

type Fields = Readonly<Record<string, unknown>>;

/**
 * The statements of an identity policy.
 * @throws UserError unsupported-policy: an element or condition that the evaluator does not know, by its name
 */
export function readStatements(policy: string, document: unknown): readonly ReadStatement[] {
  const statements = asFields(policy, document)['Statement'];
  return asList(statements).map((statement, place) => readStatement(policy, place, asFields(policy, statement)));
}

function readStatement(policy: string, place: number, statement: Fields): ReadStatement {
  const sid = statement['Sid'];
  const name = `${policy}/${typeof sid === 'string' && sid !== '' ? sid : place}`;
  const unknown = Object.keys(statement).find((field) => !STATEMENT_FIELDS.includes(field));
  if (unknown !== undefined) throw unsupported(name, unknown, `use ${STATEMENT_FIELDS.join(', ')}`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny')
    throw unsupported(name, `Effect ${JSON.stringify(effect)}`, 'use Allow or Deny');
  return {
    name,
    effect,
    actions: asTexts(name, 'Action', statement['Action']),
    resources: asTexts(name, 'Resource', statement['Resource']),
    conditions: readConditions(name, statement['Condition']),
  };
}

function readConditions(name: string, condition: unknown): readonly ReadCondition[] {
  if (condition === undefined) return [];
  return Object.entries(asFields(name, condition)).flatMap(([given, keys]) => {
    const operator = CONDITION_OPERATORS.find((known) => known === given);
    if (operator === undefined) throw unsupported(name, `condition ${given}`, `use ${CONDITION_OPERATORS.join(', ')}`);
    return Object.entries(asFields(name, keys)).map(([key, values]) => ({
      operator,
      key,
      values: asTexts(name, `${given} ${key}`, values),
    }));
  });
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function asTexts(name: string, what: string, value: unknown): readonly string[] {
  return asList(value).map((item) => {
    if (typeof item === 'boolean') return String(item);
    if (typeof item !== 'string')
      throw unsupported(name, `${what} ${JSON.stringify(item)}`, 'give a text or a list of texts');
    if (item.includes('${')) throw unsupported(name, `policy variable in ${what} ${item}`, 'write the value itself');
    return item;
  });
}

function asFields(name: string, value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw unsupported(
    name,
    `${JSON.stringify(value)} in place of an object`,
    'write the policy as the IAM grammar has it',
  );
}

const unsupported = (name: string, what: string, resolution: string): UserError =>
  new UserError({
    code: 'unsupported-policy',
    message: `statement ${name} has what cannot be evaluated here: ${what}`,
    resolution,
  });
