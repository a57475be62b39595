import type { Diagnostic } from '../../errors/diagnostic.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../cost-diagnostic.ts';

/** Every problem that is found while templates are read, each once. */
export class Problems {
  readonly #all = new Map<string, Diagnostic>();

  get all(): readonly Diagnostic[] {
    return [...this.#all.values()];
  }

  add(code: CostDiagnosticCode, problem: Pick<Diagnostic, 'at' | 'message' | 'fix'>): void {
    const key = `${problem.at} ${problem.message}`;
    if (!this.#all.has(key)) this.#all.set(key, costDiagnostic(code, problem));
  }

  malformed(at: string, message: string, fix: string): void {
    this.add('malformed-template', { at, message, fix });
  }
}
