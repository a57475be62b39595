import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isUnresolved } from '../unresolved.ts';
import { allowedStatements } from './permissions.ts';
import { policyStatementsOf, trustedBy } from './policy-statements.ts';

/**
 * Every statement of the templates that lets somebody redrive executions: each redrive spends again what no bound
 * covers. A machine's own role needs the permission for its distributed Maps, whose runs are redriven with an execution
 * that somebody else redrives; that a task redrives one is refused where the task is.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (2026-11-20).
 */
export function redriveDiagnostics(context: CostContext): readonly Diagnostic[] {
  if (!context.templates.resources.some(({ type }) => type === 'AWS::StepFunctions::StateMachine')) return [];
  const ofMachines = rolesOfMachines(context);
  const allowed = allowedStatements(policyStatementsOf(context), 'states:RedriveExecution', isExecution).filter(
    ({ principals }) => !principals.every((principal) => ofMachines.has(principal)),
  );
  return [...new Set(allowed.map(({ at }) => at))].map((at) =>
    costDiagnostic('redrive-allowed', {
      at,
      message: 'allows states:RedriveExecution: each redrive of an execution spends again',
      fix: 'leave the action out, or deny states:RedriveExecution to the same role: hundredfold guardrails prints the statement',
    }),
  );
}

/** Roles that nobody but Step Functions can take on. */
function rolesOfMachines(context: CostContext): ReadonlySet<string> {
  const roles = context.templates.resources.filter(({ type }) => type === 'AWS::IAM::Role');
  const own = roles.filter((role) => {
    const trusted = trustedBy(role, context);
    return trusted.length > 0 && trusted.every((service) => /^states(\.[\w-]+)?$/.test(service));
  });
  return new Set(own.map(({ address }) => address));
}

/** Whether a resource of a statement can be an execution, or a run of a Map. */
function isExecution(resource: unknown): boolean {
  if (isUnresolved(resource) || typeof resource !== 'string') return true;
  if (resource.startsWith('@{')) return false;
  const [, service = '*', rest = '*'] =
    /^arn:(?:@\{[^}]*\}|[^:])*:([^:]+):(?:@\{[^}]*\}|[^:])*:(?:@\{[^}]*\}|[^:])*:(.+)$/.exec(resource) ?? [];
  if (resource.startsWith('arn:') && !/[*?]/.test(service) && service !== 'states') return false;
  return /^(execution|express|mapRun|[^:]*[*?])/.test(rest);
}
