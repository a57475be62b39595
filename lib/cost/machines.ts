import type { Checked, Diagnostic } from '../errors/diagnostic.ts';
import type { Machine } from './flow/bound-execution.ts';
import { stateMachinesOf } from './month/addressed.ts';
import type { TemplateResource, TemplateSet } from './templates/template-set.ts';
import { readWorkflow } from './workflow/read-workflow.ts';

/** Every state machine of the templates by its address, with each definition that it can have. */
export interface ReadMachines {
  readonly machines: ReadonlyMap<string, readonly Machine[]>;
  readonly diagnostics: readonly Diagnostic[];
}

export function readMachines(templates: TemplateSet): ReadMachines {
  const read = stateMachinesOf(templates).map((machine) => ({ machine, ...readMachine(machine, templates) }));
  return {
    machines: new Map(read.map(({ machine, value }) => [machine.address, value ?? []])),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

function readMachine(machine: TemplateResource, templates: TemplateSet): Checked<readonly Machine[]> {
  const definitions = templates.definitionsOf(machine);
  const scopes = (definitions.value ?? []).map(({ json }) => readWorkflow(json, machine.address));
  const types = templates.variantsOf(machine, ['StateMachineType']).map(({ StateMachineType }) => StateMachineType);
  const type = types.every((name) => name === undefined || name === 'STANDARD') ? 'STANDARD' : 'EXPRESS';
  return {
    value: scopes.flatMap(({ value }) => (value === undefined ? [] : [{ scope: value, type }])),
    diagnostics: [...definitions.diagnostics, ...distinct(scopes.flatMap(({ diagnostics }) => diagnostics))],
  };
}

/** What several definitions of one machine have in common is wrong once. */
const distinct = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(diagnostics.map((diagnostic) => [`${diagnostic.at} ${diagnostic.message}`, diagnostic])).values(),
];
