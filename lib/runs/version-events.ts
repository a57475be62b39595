import type { Decision, ModelEvent } from '../contracts/registry.ts';

/** What all kinds of events say of who, when and which version. */
export interface EventAuthor {
  readonly number: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly by: string;
}

type WithoutPlace<Event> = Event extends ModelEvent
  ? Omit<Event, 'version' | 'number' | 'sequence' | 'at' | 'by'>
  : never;
/** An event without its place in the log. */
export type EventFact = WithoutPlace<ModelEvent>;

/** The event at the end of a log that has `length` of them: sequences count from 1 without gaps. */
export function nextEvent(author: EventAuthor, length: number, fact: EventFact): ModelEvent {
  const { number, at, by } = author;
  return { version: 1, number, sequence: length + 1, at, by, ...fact };
}

/** The first event of the kind; an execution that is run again finds what it wrote. */
export function findEvent<Kind extends ModelEvent['kind']>(
  log: readonly ModelEvent[],
  kind: Kind,
): Extract<ModelEvent, { readonly kind: Kind }> | undefined {
  return log.find((event): event is Extract<ModelEvent, { readonly kind: Kind }> => event.kind === kind);
}

/** How a version was registered, in the words of the log. */
export function registrationFact(decision: Decision): EventFact {
  const why = decision.status === 'approved' ? 'every gate was met' : decision.reasons.join('; ');
  return { kind: 'registered', decision, why };
}
