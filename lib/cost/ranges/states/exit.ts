import type { WorkflowState } from '../../workflow/workflow.ts';
import type { AbstractValue } from '../values/abstract-value.ts';
import { insert, select } from '../values/select.ts';
import { type Fact, type Place, startsWith, type View } from '../view.ts';

/** The value that something has in what a state sees, from its entry on. */
export type ValueIn = (view: View) => AbstractValue;

/** What becomes of the data that a state was entered with. */
export type Output =
  | { readonly kind: 'kept' }
  | { readonly kind: 'replaced'; readonly value: ValueIn }
  /** Put in at a path of the data; everything else in it stays. */
  | { readonly kind: 'inserted'; readonly path: readonly string[]; readonly value: ValueIn };

/** One way from a state to another of its scope. */
export interface Exit {
  readonly from: WorkflowState;
  readonly next: string;
  /** Path of the field, rule or catcher that leads there. */
  readonly at: string;
  /** What is known of what the state sees where this way is taken. */
  readonly facts: () => readonly Fact[];
  /** Whether a fact may be of the place; found without parsing. */
  readonly mentions: (place: Place) => boolean;
  readonly output: Output;
  /** The variables that are set on the way. */
  readonly assigned: ReadonlyMap<string, ValueIn>;
}

export const NO_FACTS: Pick<Exit, 'facts' | 'mentions'> = { facts: () => [], mentions: () => false };
export const INPUT: Place = { name: 'states', path: ['input'] };

export const isInput = ({ name, path }: Place): boolean => name === 'states' && path[0] === 'input';

/** Whether the exit can give the place another value than it had. */
export function touches(exit: Exit, place: Place): boolean {
  if (!isInput(place)) return exit.assigned.has(place.name);
  if (exit.output.kind === 'kept') return false;
  if (exit.output.kind === 'replaced') return true;
  const rest = place.path.slice(1);
  return startsWith(rest, exit.output.path) || startsWith(exit.output.path, rest);
}

/** The value of a place of the next state's view: a variable, or its input. `view` holds the facts of the exit. */
export function valueAfter(exit: Exit, place: Place, view: View): AbstractValue {
  if (!isInput(place)) {
    const assigned = exit.assigned.get(place.name);
    return assigned === undefined ? view.read(place) : select(assigned(view), place.path);
  }
  const rest = place.path.slice(1);
  switch (exit.output.kind) {
    case 'kept':
      return view.read(place);
    case 'replaced':
      return select(exit.output.value(view), rest);
    case 'inserted': {
      const { path, value } = exit.output;
      if (startsWith(rest, path)) return select(value(view), rest.slice(path.length));
      return startsWith(path, rest) ? insert(view.read(place), path.slice(rest.length), value(view)) : view.read(place);
    }
  }
}

/** The view in which `$states.<name>` is a value of its own: the result of a state, what a path made of its input. */
export const withDocument = (view: View, name: string, value: AbstractValue): View => ({
  read: (place) =>
    place.name === 'states' && place.path[0] === name ? select(value, place.path.slice(1)) : view.read(place),
  locals: view.locals,
});
