import type { Checked } from '../../errors/diagnostic.ts';
import type { JsonObject } from '../json-object.ts';
import { QUERY_LANGUAGES, readState, type StateSurroundings } from './read-state.ts';
import { Reading } from './reading.ts';
import { type QueryLanguage, type Scope, successorsOf, type WorkflowState } from './workflow.ts';

/**
 * Reads a state machine definition (parsed JSON, in either query language) that the paths call `at`. Strict about
 * structure, every problem at once as `malformed-definition`; fields that cost does not depend on are not looked at,
 * and states that nothing leads to are no problem. No value where a problem leaves the structure open.
 */
export function readWorkflow(definition: unknown, at: string): Checked<Scope> {
  const reading = new Reading();
  const fields = reading.object(definition, at);
  if (fields === undefined) return { diagnostics: reading.problems };
  const { QueryLanguage: given = 'JSONPath' } = fields;
  const language = reading.oneOf(given, `${at}.QueryLanguage`, QUERY_LANGUAGES) ?? 'JSONPath';
  const value = new ScopeReader(reading, language).read(fields, at);
  const diagnostics = reading.problems;
  return value !== undefined && reading.isStructureKnown ? { value, diagnostics } : { diagnostics };
}

/** Scopes in scopes that are read: far more than people write, far fewer than would exhaust the stack. */
const DEEPEST = 250;

/** Reads scopes inside scopes; names of states are unique in the whole state machine. */
class ScopeReader {
  readonly #reading: Reading;
  readonly #surroundings: StateSurroundings;
  readonly #firstPlaces = new Map<string, string>();
  #depth = 0;

  constructor(reading: Reading, language: QueryLanguage) {
    this.#reading = reading;
    this.#surroundings = { language, reading, readScope: (fields, at) => this.read(fields, at) };
  }

  read(fields: JsonObject, at: string): Scope | undefined {
    if (this.#depth === DEEPEST) {
      return this.#reading.malformed(at, `is nested deeper than ${DEEPEST} scopes`, 'start an execution instead');
    }
    this.#depth += 1;
    const scope = this.#readScope(fields, at);
    this.#depth -= 1;
    return scope;
  }

  #readScope(fields: JsonObject, at: string): Scope | undefined {
    const startAt = this.#reading.text(fields['StartAt'], `${at}.StartAt`);
    const given = this.#reading.object(fields['States'], `${at}.States`);
    if (given === undefined) return undefined;
    if (Object.keys(given).length === 0) return this.#reading.malformed(`${at}.States`, 'has no state', 'add a state');
    if (startAt !== undefined) this.#checkTarget(startAt, `${at}.StartAt`, given);
    const states = this.#readStates(given, at);
    for (const state of states.values()) this.#checkSuccessors(state, given);
    return startAt === undefined ? undefined : { at, startAt, states };
  }

  #readStates(given: JsonObject, at: string): ReadonlyMap<string, WorkflowState> {
    const states = new Map<string, WorkflowState>();
    for (const [name, value] of Object.entries(given)) {
      const here = `${at}.States.${name}`;
      this.#checkName(name, here);
      const state = readState(name, value, here, this.#surroundings);
      if (state !== undefined) states.set(name, state);
    }
    return states;
  }

  /** Source: https://states-language.net/spec.html#states-fields (2026-11-20). */
  #checkName(name: string, at: string): void {
    const first = this.#firstPlaces.get(name);
    if (first === undefined) this.#firstPlaces.set(name, at);
    else this.#reading.malformed(at, `has the name of another state, ${first}`, 'rename one of them');
  }

  #checkSuccessors(state: WorkflowState, beside: JsonObject): void {
    for (const { next, at } of successorsOf(state)) this.#checkTarget(next, at, beside);
  }

  #checkTarget(target: string, at: string, beside: JsonObject): void {
    if (!Object.hasOwn(beside, target)) {
      this.#reading.malformed(
        at,
        `leads to '${target}', which is no state beside it`,
        'name a state of the same scope',
      );
    }
  }
}
