import type { CostContext } from '../cost-context.ts';
import { findFunction, type NamedFunction } from '../meters/lambda-function.ts';
import { type ResourceKind, resourceNamed } from '../meters/named-resource.ts';
import type { TemplateResource, TemplateSet } from '../templates/template-set.ts';

const STATE_MACHINE: ResourceKind = {
  types: ['AWS::StepFunctions::StateMachine'],
  nameProperty: 'StateMachineName',
};

/** The end of a machine's ARN; a reference in it may have colons of its own. */
const MACHINE_ARN = /:stateMachine:((?:@\{[^}]*\}|[^:])+)$/;

export const stateMachinesOf = ({ resources }: TemplateSet): readonly TemplateResource[] =>
  resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');

/** The state machine of the templates that an ARN is of, as a reference or with its literal name. */
export function machineAt(arn: unknown, templates: TemplateSet): TemplateResource | undefined {
  if (typeof arn !== 'string') return undefined;
  return resourceNamed(MACHINE_ARN.exec(arn)?.[1] ?? arn, STATE_MACHINE, templates);
}

/** The function of the templates that an ARN or a name is of. */
export function functionAt(arn: unknown, context: CostContext): NamedFunction | undefined {
  return findFunction({ value: arn, at: '', source: 'template' }, context).value;
}
