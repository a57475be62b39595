import { HANDLER_ENVIRONMENT } from '../lib/contracts/state-payload.ts';
import { must } from '../lib/errors/fault.ts';
import { HANDLERS, type HandlerName } from '../lib/runs/handlers.ts';

type VariablesOf<Name extends HandlerName> = (typeof HANDLERS)[Name]['environment'][number];
/** The variables that the table of handlers gives a function. */
export type EnvironmentOf<Name extends HandlerName> = Readonly<Record<VariablesOf<Name>, string>>;

/** @throws Fault where a variable is not set: then the function was deployed without it */
export function environmentOf<Name extends HandlerName>(name: Name): EnvironmentOf<Name> {
  const variables: readonly VariablesOf<Name>[] = HANDLERS[name].environment;
  const entries = variables.map((variable) => {
    const value = process.env[HANDLER_ENVIRONMENT[variable]];
    return [variable, must(value, `the environment variable ${HANDLER_ENVIRONMENT[variable]}`)];
  });
  // Every variable of the function is among the entries.
  return Object.fromEntries(entries) as EnvironmentOf<Name>;
}
