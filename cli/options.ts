import { parseArgs } from 'node:util';
import { UserError } from '../lib/errors/user-error.ts';

/** An option of a command: a flag, one that takes a value (the last one counts), or one that may be repeated. */
export interface OptionSpecification {
  readonly kind: 'flag' | 'value' | 'list';
  /** Name of the value in usage, for example `TIME`. */
  readonly value?: string;
  readonly summary: string;
  readonly allowed?: readonly string[];
}

export type OptionTable = Readonly<Record<string, OptionSpecification>>;

export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: OptionValue<Options[Name]['kind']>;
};

type OptionValue<Kind extends OptionSpecification['kind']> = Kind extends 'flag'
  ? boolean
  : Kind extends 'list'
    ? readonly string[]
    : string | undefined;

export interface Parsed<Options extends OptionTable> {
  readonly options: OptionValues<Options>;
  readonly positionals: readonly string[];
}

/**
 * Options and positionals of a command's arguments.
 * @throws UserError `unknown-option`, `missing-value` or `unknown-value`, with what is allowed.
 */
export function parseOptions<Options extends OptionTable>(
  command: string,
  table: Options,
  args: readonly string[],
): Parsed<Options> {
  const specification = Object.fromEntries(
    Object.entries(table).map(([name, { kind }]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: specification,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, Value> = Object.fromEntries(
    Object.entries(table).map(([name, { kind }]) => [name, ABSENT[kind]]),
  );
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const value = checkOption(command, table, token);
    const given = values[token.name];
    values[token.name] = Array.isArray(given) ? [...given, String(value)] : value;
  }
  // Each value was made from its specification just above.
  return { options: values as OptionValues<Options>, positionals };
}

type Value = string | boolean | readonly string[] | undefined;

/** What an option is that was not given. */
const ABSENT = { flag: false, value: undefined, list: [] } as const satisfies Record<
  OptionSpecification['kind'],
  Value
>;

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function checkOption(command: string, table: OptionTable, { name, rawName, value }: OptionToken): string | true {
  const option = table[name];
  const known = Object.keys(table).map((each) => `--${each}`);
  if (option === undefined) {
    throw problem(
      'unknown-option',
      `${rawName} is no option of hundredfold ${command}`,
      `use one of ${known.join(', ')}`,
    );
  }
  if (option.kind === 'flag') {
    if (value === undefined) return true;
    throw problem(
      'unexpected-value',
      `${rawName} takes no value, got ${JSON.stringify(value)}`,
      `write ${rawName} alone`,
    );
  }
  if (value === undefined)
    throw problem('missing-value', `${rawName} needs a value`, `write ${rawName} ${option.value ?? 'VALUE'}`);
  if (option.allowed !== undefined && !option.allowed.includes(value)) {
    throw problem('unknown-value', `${rawName} is ${JSON.stringify(value)}`, `use one of ${option.allowed.join(', ')}`);
  }
  return value;
}

const problem = (code: string, message: string, resolution: string): UserError =>
  new UserError({ code, message, resolution });
