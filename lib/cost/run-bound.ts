import { readStateMachine } from '../asl/reader.ts';
import type { Checked, Diagnostic } from '../errors/diagnostic.ts';
import { type Usd, usdToDecimal } from '../units/usd.ts';
import { type CostNode, sum, times } from './cost-node.ts';
import { DECLARED, KNOWN_RESOURCES } from './known-resources.ts';
import { boundInvocation } from './lambda-meter.ts';
import type { PriceBook } from './price-book.ts';
import { type Refusal, refusalDiagnostic } from './refusal.ts';
import { boundStates, isRefused } from './state-machine-bound.ts';
import type { CostContext } from './task-bound.ts';
import {
  isObject,
  listResources,
  markedAddress,
  type StackTemplate,
  type TemplateResource,
  textOf,
} from './template.ts';

/** The most that one execution can cost on AWS, and why. */
export interface RunBound {
  /** Inclusive upper bound, on-demand prices, whatever fails or is retried. */
  readonly usd: Usd;
  readonly tree: CostNode;
  /** What is not part of the number because AWS gives it no cap. */
  readonly declared: readonly string[];
  readonly region: string;
  readonly compiledOn: string;
}

/** An asynchronous invocation is retried twice. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html (2026-11-20). */
const ASYNCHRONOUS_TRIES = 3;

/**
 * The upper bound of one execution of the templates' one state machine, with what its end triggers. Every state and
 * resource that has no meter is refused by name; a price that is missing is an error, never zero.
 * @throws UserError `missing-price`
 */
export function boundRun(stacks: readonly StackTemplate[], book: PriceBook): Checked<RunBound> {
  const resources = listResources(stacks);
  const context: CostContext = { resources, book };
  const unknown = resources.filter(({ type }) => KNOWN_RESOURCES[type] === undefined).map(unknownResource);
  const machines = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const [machine] = machines;
  if (machine === undefined || machines.length > 1) {
    return {
      diagnostics: [
        ...unknown,
        refusalDiagnostic(
          { at: 'templates', message: `${machines.length} state machines`, fix: 'give the templates of one pipeline' },
          'no-state-machine',
        ),
      ],
    };
  }
  const definition = readDefinition(machine, stacks);
  if (definition.value === undefined) return { diagnostics: [...unknown, ...definition.diagnostics] };
  const states = boundStates(definition.value, 'one execution', `${machine.address}.States`, context);
  const after = boundEndRules(context);
  const diagnostics = [
    ...unknown,
    ...[...states.refusals, ...after.refusals].map((refusal) => refusalDiagnostic(refusal, 'unbounded')),
  ];
  if (diagnostics.length > 0) return { diagnostics };
  const tree = sum('one run', machine.address, [states.node, ...after.nodes]);
  return {
    value: { usd: tree.usd, tree, declared: DECLARED, region: book.region, compiledOn: book.compiledOn },
    diagnostics,
  };
}

/** A bound as JSON: amounts are exact decimal strings. */
export function costNodeToJson(node: CostNode): unknown {
  const { label, at, combination, factor } = node;
  return { label, at, combination, factor, usd: usdToDecimal(node.usd), children: node.children.map(costNodeToJson) };
}

function readDefinition(machine: TemplateResource, stacks: readonly StackTemplate[]) {
  const at = `${machine.address}.Properties.DefinitionString`;
  const stack = machine.address.slice(0, machine.address.indexOf('/'));
  const text = textOf(machine.properties['DefinitionString'], stack, stacks);
  if (text === undefined) {
    return {
      diagnostics: [
        refusalDiagnostic(
          { at, message: 'is not made of texts, Ref, Fn::GetAtt, Fn::Join and Fn::ImportValue', fix: 'use only these' },
          'unknown-intrinsic',
        ),
      ],
    };
  }
  const definition = parseJson(text);
  return definition === undefined
    ? {
        diagnostics: [
          refusalDiagnostic(
            { at, message: 'is no JSON', fix: 'synthesize the template again' },
            'malformed-definition',
          ),
        ],
      }
    : readStateMachine(definition);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Functions that rules start when an execution ends: once an end, with the retries of an asynchronous invocation. */
function boundEndRules({ resources, book }: CostContext): {
  readonly nodes: readonly CostNode[];
  readonly refusals: readonly Refusal[];
} {
  const bounds = resources
    .filter(({ type, properties }) => type === 'AWS::Events::Rule' && listensToExecutions(properties['EventPattern']))
    .flatMap((rule) =>
      targetFunctions(rule, resources).map((target) => ({ rule, bound: boundInvocation(target, book) })),
    );
  return {
    nodes: bounds.flatMap(({ rule, bound }) =>
      isRefused(bound)
        ? []
        : [times('settled again by the end of the execution', rule.address, ASYNCHRONOUS_TRIES, bound)],
    ),
    refusals: bounds.flatMap(({ bound }) => (isRefused(bound) ? bound : [])),
  };
}

const listensToExecutions = (pattern: unknown): boolean =>
  isObject(pattern) && Array.isArray(pattern['source']) && pattern['source'].includes('aws.states');

function targetFunctions(rule: TemplateResource, resources: readonly TemplateResource[]): readonly TemplateResource[] {
  const stack = rule.address.slice(0, rule.address.indexOf('/'));
  const targets: readonly unknown[] = Array.isArray(rule.properties['Targets']) ? rule.properties['Targets'] : [];
  const addresses = targets.map((target) =>
    markedAddress(textOf(isObject(target) ? target['Arn'] : undefined, stack, []) ?? ''),
  );
  return resources.filter(({ type, address }) => type === 'AWS::Lambda::Function' && addresses.includes(address));
}

function unknownResource({ address, type }: TemplateResource): Diagnostic {
  return refusalDiagnostic(
    { at: address, message: `${type} has no meter`, fix: 'leave it out of the stacks of the pipeline' },
    'unknown-resource',
  );
}
