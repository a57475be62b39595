import type { Checked, Diagnostic } from '../errors/diagnostic.ts';
import { checkFields, oneOf, optional, required, text } from './field-checks.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { languageProblem, states } from './state-fields.ts';
import { QUERY_LANGUAGES, type QueryLanguage, type StateMachine } from './state-machine.ts';
import { checkStructure } from './structure.ts';

/**
 * Reads a state machine definition (parsed JSON). Every problem is reported; whatever this interpreter does not execute
 * (JSONPath, distributed Map, heartbeats, task tokens, fields that it does not know) is refused by name.
 */
export function readStateMachine(json: unknown): Checked<StateMachine> {
  if (!isJsonObject(json)) return { diagnostics: [NO_OBJECT] };
  const diagnostics = [...checkFields(json, '', MACHINE_FIELDS), ...languageProblems(json, languageOf(json), 'States')];
  if (diagnostics.length > 0) return { diagnostics };
  // Every field was checked against its type just above.
  const value = json as unknown as StateMachine;
  const structure = checkStructure(value);
  return structure.length > 0 ? { diagnostics: structure } : { value, diagnostics: [] };
}

const NO_OBJECT: Diagnostic = {
  code: 'invalid-value',
  severity: 'error',
  at: 'state machine',
  message: 'the definition is not a JSON object',
  fix: 'give an object with StartAt and States',
};

const MACHINE_FIELDS = {
  Comment: optional(text),
  Version: optional(oneOf('1.0')),
  QueryLanguage: optional(oneOf(...QUERY_LANGUAGES)),
  StartAt: required(text),
  States: required(states),
};

const languageOf = (machine: JsonObject): QueryLanguage =>
  machine['QueryLanguage'] === 'JSONata' ? 'JSONata' : 'JSONPath';

/** Inner states inherit the state machine's language, not that of the state around them. */
function languageProblems(scope: JsonObject, inherited: QueryLanguage, at: string): readonly Diagnostic[] {
  return Object.entries(objectIn(scope, 'States')).flatMap(([name, state]) => {
    if (!isJsonObject(state)) return [];
    const here = `${at}.${name}`;
    const processor = languageProblems(objectIn(state, 'ItemProcessor'), inherited, `${here}.ItemProcessor.States`);
    const branches = listIn(state, 'Branches').flatMap((branch, place) =>
      isJsonObject(branch) ? languageProblems(branch, inherited, `${here}.Branches[${place}].States`) : [],
    );
    return [...languageProblem(state, inherited, here), ...processor, ...branches];
  });
}

const objectIn = (value: JsonObject, field: string): JsonObject => {
  const part = value[field];
  return isJsonObject(part) ? part : {};
};

const listIn = (value: JsonObject, field: string): readonly JsonValue[] => {
  const part = value[field];
  return Array.isArray(part) ? part : [];
};
