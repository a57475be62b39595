import type { Diagnostic } from '../errors/diagnostic.ts';
import { addUsd, type Usd, usd } from '../units/usd.ts';
import { costDiagnostic } from './cost-diagnostic.ts';
import { objectIn } from './json-object.ts';
import { stateMachinesOf } from './month/addressed.ts';
import type { TemplateSet } from './templates/template-set.ts';

/** Budgets that the templates state themselves: `Metadata: { Hundredfold: { RunBudgetUsd: "6", MonthBudgetUsd: "200" } }`. */
export interface DeclaredBudgets {
  /** Of one execution, by the machine's address. */
  readonly run: ReadonlyMap<string, Usd>;
  /** Of all machines together; null where none declares one. */
  readonly month: Usd | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function declaredBudgets(templates: TemplateSet): DeclaredBudgets {
  const machines = stateMachinesOf(templates);
  const read = (field: string) =>
    machines.map(({ address, metadata }) => ({
      address,
      ...readAmount(objectIn(metadata, 'Hundredfold')[field], `${address}.Metadata.Hundredfold.${field}`),
    }));
  const runs = read('RunBudgetUsd');
  const months = read('MonthBudgetUsd');
  const amounts = months.flatMap(({ amount }) => amount ?? []);
  return {
    run: new Map(runs.flatMap(({ address, amount }) => (amount === undefined ? [] : [[address, amount]]))),
    month: amounts.length === 0 ? null : addUsd(...amounts),
    diagnostics: [...runs, ...months].flatMap(({ diagnostics }) => diagnostics),
  };
}

function readAmount(
  value: unknown,
  at: string,
): { readonly amount?: Usd; readonly diagnostics: readonly Diagnostic[] } {
  if (value === undefined) return { diagnostics: [] };
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && /^\d+(\.\d{1,12})?$/.test(text)) return { amount: usd(text), diagnostics: [] };
  const message = `is ${JSON.stringify(value)}, no amount in USD`;
  return {
    diagnostics: [costDiagnostic('malformed-template', { at, message, fix: 'write a decimal such as "6.50"' })],
  };
}
