import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../lib/asl/json.ts';

/** One execution that was recorded on AWS. */
export interface RecordedCase {
  readonly id: string;
  readonly source: string;
  readonly kind: string;
  readonly category: string;
  readonly aws_validated: string | null;
  readonly time_dependent?: boolean;
  readonly definition: JsonValue;
  readonly input: JsonValue;
  readonly tasks?: readonly RecordedTask[] | null;
  readonly expect: {
    readonly status: string;
    readonly output?: JsonValue;
    readonly error?: string;
    readonly cause?: string;
    readonly output_masked?: boolean;
  };
  readonly events?: readonly (readonly [number, number, string, string | null])[];
  readonly events_partial?: boolean;
}

export interface RecordedTask {
  readonly state: string;
  readonly mapIndex?: number;
  readonly parameters?: JsonValue;
  readonly event: string;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}

const FILE = join(import.meta.dirname, '../../../shared/conformance/asl-cases.jsonl');

export const recordingsExist = (): boolean => existsSync(FILE);

/** Every AWS-validated execution whose definition says JSONata anywhere. */
export function readJsonataCases(): readonly RecordedCase[] {
  return readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCase)
    .filter(({ kind, aws_validated: validated }) => kind === 'execution' && validated !== null)
    .filter(({ definition }) => JSON.stringify(definition).includes('JSONata'));
}

const MASK = /<[^<>]+>/;

/** Equal, after texts that hold JSON were parsed on both sides; `<...>` in the recording stands for any text. */
export function matchesRecording(recorded: JsonValue, actual: JsonValue): boolean {
  const [left, right] = [parsed(recorded), parsed(actual)];
  if (typeof left === 'string') return typeof right === 'string' ? matchesText(left, right) : MASK.test(left);
  if (left === null || typeof left !== 'object') return Object.is(left, right);
  if (right === null || typeof right !== 'object' || Array.isArray(left) !== Array.isArray(right)) return false;
  const [recordedParts, actualParts] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  return (
    recordedParts.size === actualParts.size &&
    [...recordedParts].every(([key, part]) => {
      const other: JsonValue | undefined = actualParts.get(key);
      return other !== undefined && matchesRecording(part, other);
    })
  );
}

function parsed(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

/** Words that the recorder wrote in place of what changes from run to run. */
const MASKED_WORDS = ['date', 'timestamp', 'datetime', 'snf_role_arn', 'start-date', 'stop-date'];

function matchesText(recorded: string, actual: string): boolean {
  if (MASKED_WORDS.includes(recorded)) return true;
  const pieces = recorded
    .split(/<[^<>]+>|lambda_function_name/)
    .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('[^]*')}$`).test(actual);
}
