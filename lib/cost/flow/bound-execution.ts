import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { CallBound } from '../meters/task-call.ts';
import { type Bounded, dearestBounded, refused, sumBounded } from '../tree/bounded.ts';
import { sum } from '../tree/cost-node.ts';
import type { Proofs } from '../workflow/proofs.ts';
import type { Scope } from '../workflow/workflow.ts';
import type { Flow } from './flow.ts';
import { TreeFolder } from './fold-tree.ts';
import { boundScope } from './scope-bound.ts';
import { type Transitions, transitionsOf } from './transitions.ts';

/** One definition that a state machine can have. */
export interface Machine {
  readonly scope: Scope;
  readonly type: 'STANDARD' | 'EXPRESS';
}

export interface ExecutionParts {
  readonly context: CostContext;
  /** By address; with no definition where it could not be read, which is reported elsewhere. */
  readonly machines: ReadonlyMap<string, readonly Machine[]>;
  readonly boundCall: CallBound;
  readonly prove: (scope: Scope) => Proofs;
  /** What the events of one execution of the machine at an address bring about: rules on its status. */
  readonly boundEvents: (machine: string) => Bounded;
}

/**
 * What one execution of the state machine at an address can cost at most, its start, its end and what rules do about
 * them included; undefined for an address that is not among the machines. Each machine is looked at once, however many executions it is part of.
 */
export function executionBounds(parts: ExecutionParts): (machine: string) => Bounded | undefined {
  const executions = new Executions(parts);
  return (machine) => executions.bound(machine, machine);
}

class Executions {
  readonly #parts: ExecutionParts;
  readonly #transitions: Transitions;
  readonly #folder = new TreeFolder();
  readonly #known = new Map<string, Bounded>();
  /** Machines that are being looked at, each of which starts the next. */
  readonly #open: string[] = [];

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
    this.#transitions = transitionsOf(parts.context.book);
  }

  bound(machine: string, at: string): Bounded | undefined {
    if (this.#open.includes(machine)) return refused(machine, at, [this.#circle(machine, at)]);
    const known = this.#known.get(machine) ?? this.#lookAt(machine);
    if (known !== undefined) this.#known.set(machine, known);
    return known;
  }

  #lookAt(machine: string): Bounded | undefined {
    const definitions = this.#parts.machines.get(machine);
    if (definitions === undefined) return undefined;
    this.#open.push(machine);
    const [first, ...others] = definitions.map((definition) => this.#boundDefinition(machine, definition));
    this.#open.pop();
    const states = first === undefined ? refused(machine, machine, []) : dearestBounded(first, ...others);
    const events = this.#parts.boundEvents(machine);
    const { node } = events.node.usd > 0n ? sumBounded('one run', machine, [states, events]) : states;
    return {
      node,
      diagnostics: distinct([...this.#transitions.diagnostics, ...states.diagnostics, ...events.diagnostics]),
    };
  }

  #boundDefinition(machine: string, { scope, type }: Machine): Bounded {
    const { context, boundCall, prove } = this.#parts;
    const flow: Flow = {
      context,
      boundCall,
      transitions: this.#transitions,
      fold: (node) => this.#folder.fold(node),
      proofs: prove(scope),
      boundScope: (inner, label) => boundScope(inner, label, flow),
      boundExecution: (other, at) => this.bound(other, at),
    };
    const { anyhow, diagnostics } = boundScope(scope, 'states', flow);
    const startAndEnd = this.#transitions.leaf('start and end of the execution', machine, 2);
    return {
      node: this.#folder.fold(sum('one execution', machine, [anyhow, startAndEnd])),
      diagnostics: [...(type === 'EXPRESS' ? [express(machine)] : []), ...diagnostics],
    };
  }

  #circle(machine: string, at: string): Diagnostic {
    const circle = [...this.#open.slice(this.#open.indexOf(machine)), machine];
    return costDiagnostic('unbounded-nesting', {
      at,
      message: `starts an execution that is started by itself: ${circle.join(' → ')}`,
      fix: 'break the circle: an execution must not start its own state machine, directly or through others',
    });
  }
}

const express = (machine: string): Diagnostic =>
  costDiagnostic('unmetered-option', {
    at: `${machine}.Properties.StateMachineType`,
    message: 'is EXPRESS: no property limits the memory that express executions are billed for',
    fix: 'set STANDARD',
  });

/** One of each: what several definitions or calls have in common is said once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byText = new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic] as const));
  return [...byText.values()];
}
