import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { isUnresolved, reasonOf, type Unresolved } from '../unresolved.ts';

/** How much of a wrong value a message shows. */
const SHOWN_CHARACTERS = 60;

/** Reads fields of a definition and keeps every problem; what could not be read is undefined. */
export class Reading {
  readonly #problems: Diagnostic[] = [];
  #isStructureKnown = true;

  get problems(): readonly Diagnostic[] {
    return this.#problems;
  }

  /** False once a problem leaves open which states there are, or where they lead. */
  get isStructureKnown(): boolean {
    return this.#isStructureKnown;
  }

  object(value: unknown, at: string): JsonObject | undefined {
    return isObject(value) && !isUnresolved(value) ? value : this.#wrong(value, at, 'an object');
  }

  text(value: unknown, at: string): string | undefined {
    return typeof value === 'string' && value !== '' ? value : this.#wrong(value, at, 'a text');
  }

  /** A list, that is not empty. */
  list(value: unknown, at: string): readonly unknown[] | undefined {
    return Array.isArray(value) && value.length > 0 ? value : this.#wrong(value, at, 'a list that is not empty');
  }

  oneOf<T extends string>(value: unknown, at: string, allowed: readonly T[]): T | undefined {
    return allowed.find((candidate) => candidate === value) ?? this.#wrong(value, at, `one of ${allowed.join(', ')}`);
  }

  wholeNumber(value: unknown, at: string, greatest: number): number | undefined {
    const isInRange = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= greatest;
    if (isInRange) return value;
    this.#refuse(value, at, `a whole number from 0 to ${greatest}`);
    return undefined;
  }

  malformed(at: string, message: string, fix: string): undefined {
    this.#isStructureKnown = false;
    this.#problems.push(costDiagnostic('malformed-definition', { at, message, fix }));
  }

  #wrong(value: unknown, at: string, expected: string): undefined {
    this.#isStructureKnown = false;
    this.#refuse(value, at, expected);
  }

  #refuse(value: unknown, at: string, expected: string): void {
    const problem = isUnresolved(value)
      ? { code: CODES[value.decidedBy], message: `is ${reasonOf(value)}`, fix: `set ${expected}, as a literal` }
      : {
          code: 'malformed-definition' as const,
          message: value === undefined ? 'is not set' : `is ${shown(value)}`,
          fix: `set ${expected}`,
        };
    this.#problems.push(costDiagnostic(problem.code, { at, message: problem.message, fix: problem.fix }));
  }
}

const CODES = {
  deployment: 'deploy-time-limit',
  run: 'run-time-limit',
  input: 'malformed-definition',
} as const satisfies Record<Unresolved['decidedBy'], string>;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
