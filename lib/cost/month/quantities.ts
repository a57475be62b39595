import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { TemplateResource, TemplateSet } from '../templates/template-set.ts';

/** Units a month that the user gave for what AWS gives no cap for, by name. */
export type Quantities = Readonly<Record<string, number>>;

/** Names of quantities that exist only for the resources of some templates: `executions-of-Machine`. */
export function resourceQuantity(
  verb: 'executions' | 'invocations',
  resource: TemplateResource,
  templates: TemplateSet,
) {
  const { logicalId, stack, type } = resource;
  const isUnique =
    templates.resources.filter((other) => other.logicalId === logicalId && other.type === type).length === 1;
  return `${verb}-of-${isUnique ? logicalId : `${stack}-${logicalId}`}`;
}

/** A quantity with six places, as a whole number of millionths, rounded up. */
export const millionths = (quantity: number): bigint => BigInt(Math.ceil(quantity * 1_000_000));

export const MILLION = 1_000_000n;

/** What is wrong with the quantities: names that mean nothing for these templates, and what is no number. */
export function quantityDiagnostics(quantities: Quantities, known: ReadonlySet<string>): readonly Diagnostic[] {
  return Object.entries(quantities).flatMap(([name, quantity]) => {
    const at = `quantities.${name}`;
    if (!known.has(name)) {
      const fix = `give one of ${[...known].sort().join(', ')}`;
      return [costDiagnostic('unknown-quantity', { at, message: `${name} is nothing that these templates use`, fix })];
    }
    if (quantity >= 0 && quantity <= 1e15) return [];
    const message = `is ${quantity}, not a number of units a month`;
    return [costDiagnostic('unknown-quantity', { at, message, fix: 'give a number from 0 to 10^15' })];
  });
}
