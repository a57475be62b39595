import jsonata from 'jsonata';

/** The value of an expression of a state's field, `{% ... %}` or bare, under variables without their `$`. */
export async function evaluated(expression: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> {
  const bare = /^\{%([\s\S]*)%\}$/.exec(expression)?.[1] ?? expression;
  const value: unknown = await jsonata(bare).evaluate(undefined, variables);
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
