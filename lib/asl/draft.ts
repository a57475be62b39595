import { must } from '../errors/fault.ts';
import { type Chance, createChance } from './chance.ts';
import type {
  Activity,
  Awaiting,
  Effect,
  Execution,
  ExecutionEvent,
  Failure,
  HistoryDetails,
  HistoryEventType,
  Scope,
  ScopePath,
  Transition,
} from './execution.ts';
import { STATES_ERROR } from './failure.ts';
import type { Hash } from './hash.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Evaluator } from './query.ts';
import type { State, StateMachine, States, Template } from './state-machine.ts';

/** What every transition of one state machine shares. */
export interface Machine {
  readonly definition: StateMachine;
  readonly evaluator: Evaluator;
  readonly hash: Hash;
}

export type Outcome<Value = JsonValue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** What a template may see beside input, context and variables. */
export interface TemplateView {
  readonly result?: JsonValue;
  readonly errorOutput?: JsonObject;
  /** Of the Map item that `ItemSelector` makes. */
  readonly item?: { readonly index: number; readonly value: JsonValue };
}

/** An execution while one event is worked into it: the only thing in lib/asl that changes, and nobody else sees it. */
export class Draft {
  readonly event: ExecutionEvent;
  readonly chance: Chance;
  readonly #machine: Machine;
  readonly #effects: Effect[] = [];
  #execution: Execution;

  constructor(machine: Machine, execution: Execution, event: ExecutionEvent) {
    this.event = event;
    this.chance = createChance(event.seed, machine.hash);
    this.#machine = machine;
    this.#execution = execution;
  }

  get execution(): Execution {
    return this.#execution;
  }

  finish(): Transition {
    return { execution: this.#execution, effects: this.#effects };
  }

  change(changes: Partial<Execution>): void {
    this.#execution = { ...this.#execution, ...changes };
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** A fresh id for a scope, task or wait. */
  newId(prefix: 'scope' | 'task' | 'wait'): string {
    const sequence = this.#execution.sequence + 1;
    this.change({ sequence });
    return `${prefix}-${sequence}`;
  }

  scope(id: string): Scope {
    return must(this.#execution.scopes[id], `scope ${id}`);
  }

  putScope(id: string, scope: Scope): void {
    this.change({ scopes: { ...this.#execution.scopes, [id]: scope } });
  }

  dropScope(id: string): void {
    const { [id]: _dropped, ...scopes } = this.#execution.scopes;
    this.change({ scopes });
  }

  childrenOf(id: string): readonly string[] {
    return Object.keys(this.#execution.scopes).filter((child) => this.scope(child).parent === id);
  }

  updateActivity(id: string, changes: Partial<Activity>): void {
    const scope = this.scope(id);
    this.putScope(id, { ...scope, activity: { ...scope.activity, ...changes } });
  }

  await(id: string, awaiting: Awaiting): void {
    this.updateActivity(id, { awaiting });
  }

  /** The states that a scope walks through. */
  statesOf(id: string): States {
    const { parent, index } = this.scope(id);
    if (parent === null) return this.#machine.definition;
    const owner = this.stateOf(parent);
    if (owner.Type === 'Map') return owner.ItemProcessor;
    return must(owner.Type === 'Parallel' ? owner.Branches[index] : undefined, `branch ${index} of ${parent}`);
  }

  stateOf(id: string): State {
    const { state } = this.scope(id).activity;
    return must(this.statesOf(id).States[state], `state ${state}`);
  }

  pathOf(id: string): ScopePath {
    const { parent, index } = this.scope(id);
    if (parent === null) return [];
    return [...this.pathOf(parent), { state: this.scope(parent).activity.state, index }];
  }

  /** Writes a line of history for the scope and returns its id. */
  record(scopeId: string, type: HistoryEventType, details: HistoryDetails = {}, state: string | null = null): number {
    const scope = this.scope(scopeId);
    const id = this.#execution.historyId + 1;
    const { timestamp } = this.event;
    const path = this.pathOf(scopeId);
    this.emit({ kind: 'history', id, previousId: scope.historyId, timestamp, type, state, path, details });
    this.change({ historyId: id });
    this.putScope(scopeId, { ...scope, historyId: id });
    return id;
  }

  /** A failure of the scope's state, its cause worded as Step Functions does. */
  failure(scopeId: string, error: string, problem: string): Failure {
    const { state, enteredHistoryId } = this.scope(scopeId).activity;
    const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredHistoryId}).`;
    return { error, cause: `${where} ${problem}` };
  }

  /** An expression gave nothing, or nothing that its field takes. */
  queryFailure(scopeId: string, problem: string): { readonly ok: false; readonly failure: Failure } {
    const failure = this.failure(scopeId, STATES_ERROR.queryEvaluation, problem);
    this.record(scopeId, 'EvaluationFailed', failure, this.scope(scopeId).activity.state);
    return { ok: false, failure };
  }

  async evaluate(scopeId: string, field: string, template: Template, view: TemplateView = {}): Promise<Outcome> {
    const { result, errorOutput } = view;
    const states: JsonObject = {
      input: this.scope(scopeId).activity.input,
      context: this.#contextOf(scopeId, view.item),
      ...(result === undefined ? {} : { result }),
      ...(errorOutput === undefined ? {} : { errorOutput }),
    };
    const functions = { timestamp: this.event.timestamp, chance: this.chance, hash: this.#machine.hash };
    const variables = this.#variablesIn(scopeId);
    const evaluated = await this.#machine.evaluator.evaluate(template, field, { states, variables, functions });
    return evaluated.ok ? evaluated : this.queryFailure(scopeId, evaluated.problem);
  }

  #variablesIn(scopeId: string): Readonly<Record<string, JsonValue>> {
    const { parent, variables } = this.scope(scopeId);
    return parent === null ? variables : { ...this.#variablesIn(parent), ...variables };
  }

  /** The context object. Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html (2026-11-20). */
  #contextOf(scopeId: string, item?: TemplateView['item']): JsonObject {
    const { identity, startTime } = this.#execution;
    const { state, enteredTime, retryCount } = this.scope(scopeId).activity;
    const current = item ?? this.#itemOf(scopeId);
    return {
      Execution: {
        Id: identity.id,
        Input: identity.input,
        Name: identity.name,
        RoleArn: identity.roleArn,
        StartTime: startTime,
        RedriveCount: 0,
      },
      StateMachine: { Id: identity.stateMachine.id, Name: identity.stateMachine.name },
      State: { Name: state, EnteredTime: enteredTime, RetryCount: retryCount },
      ...(current === undefined ? {} : { Map: { Item: { Index: current.index, Value: current.value } } }),
    };
  }

  /** The innermost Map item around a scope. */
  #itemOf(scopeId: string): TemplateView['item'] {
    const { parent, index, item } = this.scope(scopeId);
    if (item !== undefined) return { index, value: item };
    return parent === null ? undefined : this.#itemOf(parent);
  }
}
