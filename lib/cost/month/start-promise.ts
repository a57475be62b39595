import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject } from '../json-object.ts';
import { readLimit } from '../meters/limit.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { machineAt } from './addressed.ts';

/** What a function says of the executions that it starts by the SDK. */
export interface StartPromise {
  readonly machine: TemplateResource;
  /** Executions for each event, whatever its tries. */
  readonly executions: number;
  readonly at: string;
}

export interface StartPromises {
  readonly promises: readonly StartPromise[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `Hundredfold: { Starts, ExecutionsPerInvocation }` of a function's metadata; none where it says nothing. */
export function startPromisesOf(lambda: TemplateResource, { templates }: CostContext): StartPromises {
  const declared = lambda.metadata['Hundredfold'];
  if (!isObject(declared) || declared['Starts'] === undefined) return { promises: [], diagnostics: [] };
  const at = `${lambda.address}.Metadata.Hundredfold`;
  const machines = templates.valuesOf(declared['Starts'], lambda.stack).map((value) => machineAt(value, templates));
  const counts = templates
    .valuesOf(declared['ExecutionsPerInvocation'], lambda.stack)
    .map((value) =>
      readLimit(
        { value, at: `${at}.ExecutionsPerInvocation`, source: 'template' },
        { expected: 'a literal number', least: 0, most: 1_000_000 },
      ),
    );
  const diagnostics = [
    ...counts.flatMap((count) => count.diagnostics),
    ...(machines.includes(undefined) ? [unknownMachine(`${at}.Starts`)] : []),
  ];
  const executions = Math.max(...counts.map(({ value }) => value));
  const known = new Map(
    machines.filter((machine) => machine !== undefined).map((machine) => [machine.address, machine]),
  );
  return { promises: [...known.values()].map((machine) => ({ machine, executions, at })), diagnostics };
}

const unknownMachine = (at: string): Diagnostic =>
  costDiagnostic('unknown-reference', {
    at,
    message: 'names no state machine of the templates',
    fix: 'refer to an AWS::StepFunctions::StateMachine of the templates',
  });
