import { createHash } from 'node:crypto';
import {
  type Effect,
  type Execution,
  type ExecutionEvent,
  type HistoryEffect,
  newExecution,
  type TaskEffect,
} from '../../lib/asl/execution.ts';
import type { Hash } from '../../lib/asl/hash.ts';
import { createInterpreter, type Interpreter } from '../../lib/asl/interpreter.ts';
import type { JsonValue } from '../../lib/asl/json.ts';
import { readStateMachine } from '../../lib/asl/reader.ts';
import { UserError } from '../../lib/errors/user-error.ts';

export const nodeHash: Hash = (text, algorithm) =>
  createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');

export type TaskOutcome =
  | { readonly output: JsonValue }
  | { readonly error: string; readonly cause?: string }
  /** Never answers: only a timeout ends it. */
  | 'hang';

export interface Replay {
  readonly execution: Execution;
  readonly effects: readonly Effect[];
  readonly tasks: readonly TaskEffect[];
  readonly history: readonly HistoryEffect[];
  /** Every event that was given, for a second run that must be equal. */
  readonly events: readonly ExecutionEvent[];
}

export interface ReplayOptions {
  readonly input?: JsonValue;
  readonly onTask?: (task: TaskEffect) => TaskOutcome;
  /** Seconds on the manual clock after which the execution is aborted. */
  readonly abortAfter?: number;
}

export function interpreterOf(definition: unknown): Interpreter {
  const { value, diagnostics } = readStateMachine(definition);
  if (value === undefined) throw UserError.fromDiagnostics('state machine', diagnostics);
  return createInterpreter(value, { hash: nodeHash });
}

const IDENTITY = {
  id: 'arn:aws:states:us-east-1:000000000000:execution:machine:run',
  name: 'run',
  roleArn: 'arn:aws:iam::000000000000:role/machine',
  stateMachine: { id: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine', name: 'machine' },
};

const START = Date.UTC(2026, 10, 20, 4);

interface Due {
  readonly at: number;
  readonly report: Report;
}

type Report = ExecutionEvent extends infer Event
  ? Event extends ExecutionEvent
    ? Omit<Event, 'timestamp' | 'seed'>
    : never
  : never;

/** Runs an execution on a manual clock: tasks answer at once, waits elapse in their order without waiting. */
export async function replay(definition: unknown, options: ReplayOptions = {}): Promise<Replay> {
  const { input = {}, onTask = () => ({ output: {} }), abortAfter } = options;
  const interpreter = interpreterOf(definition);
  const effects: Effect[] = [];
  const events: ExecutionEvent[] = [];
  let execution = newExecution({ ...IDENTITY, input });
  let now = START;
  let due: readonly Due[] = [{ at: now, report: { kind: 'started' } }];
  if (abortAfter !== undefined) due = [...due, { at: START + abortAfter * 1_000, report: { kind: 'aborted' } }];
  while (due.length > 0) {
    const next = due.reduce((earliest, other) => (other.at < earliest.at ? other : earliest));
    now = next.at;
    const event = {
      ...next.report,
      timestamp: new Date(now).toISOString(),
      seed: `seed-${events.length}`,
    } as ExecutionEvent;
    events.push(event);
    const step = await interpreter.transition(execution, event);
    execution = step.execution;
    effects.push(...step.effects);
    const cancelled = new Set(step.effects.flatMap((effect) => (effect.kind === 'cancel' ? [effect.id] : [])));
    due = [
      ...due.filter((other) => other !== next),
      ...step.effects.flatMap((effect) => dueAfter(effect, now, onTask)),
    ].filter(({ report }) => !('id' in report && cancelled.has(report.id)));
    if (execution.status !== 'RUNNING') break;
  }
  return {
    execution,
    effects,
    events,
    tasks: effects.filter((effect): effect is TaskEffect => effect.kind === 'task'),
    history: effects.filter((effect): effect is HistoryEffect => effect.kind === 'history'),
  };
}

function dueAfter(effect: Effect, now: number, onTask: (task: TaskEffect) => TaskOutcome): readonly Due[] {
  if (effect.kind === 'wait')
    return [{ at: now + effect.seconds * 1_000, report: { kind: 'waitElapsed', id: effect.id } }];
  if (effect.kind !== 'task') return [];
  const outcome = onTask(effect);
  if (outcome === 'hang') return [];
  const report: Report =
    'output' in outcome
      ? { kind: 'taskSucceeded', id: effect.id, output: outcome.output }
      : { kind: 'taskFailed', id: effect.id, ...outcome };
  return [{ at: now, report }];
}
