import type { JsonObject } from '../json-object.ts';
import type { Unresolved } from '../unresolved.ts';
import type { MapState, Scope, TaskState } from './workflow.ts';

/** A loop that ends: every lap passes through one Choice whose rule holds only a proven number of times. */
export interface ProvenLoop {
  /** The Choice that counts. */
  readonly guard: string;
  /** Its targets inside the loop that the counter guards; without these edges the rest of the loop has no such cycle. */
  readonly targets: readonly string[];
  /** How often a guarded edge can be taken, at most, each time the loop is entered from outside. */
  readonly laps: number;
  /** Path of the rule that limits it. */
  readonly at: string;
}

/** What can be proven of the data of an execution, for any input. */
export interface Proofs {
  /**
   * What a task can be called with: its Arguments (JSONata) or Parameters (JSONPath, keys without `.$`). What only a
   * run knows is `Unresolved`, a number of proven range its greatest value. One variant for each combination.
   */
  readonly argumentsOf: (task: TaskState) => readonly (JsonObject | Unresolved)[];
  /** The most items that a Map can have, and the property that says so. */
  readonly itemsOf: (map: MapState) => { readonly count: number; readonly at: string } | undefined;
  /** A counter of the strongly connected component `component` of the scope, where one is proven. */
  readonly loopOf: (component: ReadonlySet<string>, scope: Scope) => ProvenLoop | undefined;
}
