import { assertNever } from '../../errors/fault.ts';
import type { JsonObject } from '../json-object.ts';
import { readRecovery } from './read-recovery.ts';
import type { Reading } from './reading.ts';
import type {
  ChoiceRule,
  ChoiceState,
  MapState,
  ParallelState,
  QueryLanguage,
  Scope,
  TaskState,
  WorkflowState,
} from './workflow.ts';

const STATE_TYPES = ['Task', 'Parallel', 'Map', 'Choice', 'Pass', 'Wait', 'Succeed', 'Fail'] as const;
export const QUERY_LANGUAGES = ['JSONPath', 'JSONata'] as const satisfies readonly QueryLanguage[];

/** What reading a state needs to know of the scope that it is in. */
export interface StateSurroundings {
  /** The query language of the state machine. */
  readonly language: QueryLanguage;
  readonly reading: Reading;
  readonly readScope: (fields: JsonObject, at: string) => Scope | undefined;
}

type Base = Pick<WorkflowState, 'name' | 'at' | 'language' | 'fields'>;

/** One state, or undefined where a problem (kept by the reading) leaves nothing to tell of it. */
export function readState(
  name: string,
  value: unknown,
  at: string,
  surroundings: StateSurroundings,
): WorkflowState | undefined {
  const { reading } = surroundings;
  const fields = reading.object(value, at);
  if (fields === undefined) return undefined;
  const { QueryLanguage: given = surroundings.language } = fields;
  const language = reading.oneOf(given, `${at}.QueryLanguage`, QUERY_LANGUAGES) ?? surroundings.language;
  return readByType({ name, at, language, fields }, surroundings);
}

function readByType(base: Base, surroundings: StateSurroundings): WorkflowState | undefined {
  const { fields, at } = base;
  const { reading } = surroundings;
  const type = reading.oneOf(fields['Type'], `${at}.Type`, STATE_TYPES);
  switch (type) {
    case undefined:
      return undefined;
    case 'Task':
      return readTask(base, reading);
    case 'Parallel':
      return readParallel(base, surroundings);
    case 'Map':
      return readMap(base, surroundings);
    case 'Choice':
      return readChoice(base, reading);
    case 'Pass':
    case 'Wait':
      return { ...base, type, next: readNext(base, reading) };
    case 'Succeed':
    case 'Fail':
      return { ...base, type };
    default:
      return assertNever(type);
  }
}

function readTask(base: Base, reading: Reading): TaskState | undefined {
  const { fields, at } = base;
  const resource = reading.text(fields['Resource'], `${at}.Resource`);
  const rest = { ...readRecovery(fields, at, reading), next: readNext(base, reading) };
  return resource === undefined ? undefined : { ...base, type: 'Task', resource, ...rest };
}

function readParallel(base: Base, { reading, readScope }: StateSurroundings): ParallelState {
  const { fields, at } = base;
  const branches = reading.list(fields['Branches'], `${at}.Branches`) ?? [];
  return {
    ...base,
    type: 'Parallel',
    branches: branches.flatMap((value, place) => {
      const here = `${at}.Branches[${place}]`;
      const branch = reading.object(value, here);
      return (branch === undefined ? undefined : readScope(branch, here)) ?? [];
    }),
    ...readRecovery(fields, at, reading),
    next: readNext(base, reading),
  };
}

/** `Iterator` is the older name of `ItemProcessor`. Source: https://states-language.net/spec.html#map-state (2026-11-20). */
function readMap(base: Base, { reading, readScope }: StateSurroundings): MapState | undefined {
  const { fields, at } = base;
  const field =
    fields['ItemProcessor'] === undefined && fields['Iterator'] !== undefined ? 'Iterator' : 'ItemProcessor';
  const definition = reading.object(fields[field], `${at}.${field}`);
  const mode = definition === undefined ? undefined : readMode(definition, `${at}.${field}`, reading);
  const processor = definition === undefined ? undefined : readScope(definition, `${at}.${field}`);
  const rest = { ...readRecovery(fields, at, reading), next: readNext(base, reading) };
  return processor === undefined || mode === undefined ? undefined : { ...base, type: 'Map', processor, mode, ...rest };
}

function readMode(processor: JsonObject, at: string, reading: Reading): MapState['mode'] | undefined {
  if (processor['ProcessorConfig'] === undefined) return 'inline';
  const here = `${at}.ProcessorConfig`;
  const config = reading.object(processor['ProcessorConfig'], here);
  if (config === undefined) return undefined;
  const { Mode: given = 'INLINE' } = config;
  const mode = reading.oneOf(given, `${here}.Mode`, ['INLINE', 'DISTRIBUTED']);
  if (mode !== 'DISTRIBUTED') return mode === undefined ? undefined : 'inline';
  const type = reading.oneOf(config['ExecutionType'], `${here}.ExecutionType`, ['STANDARD', 'EXPRESS']);
  if (type === undefined) return undefined;
  return type === 'STANDARD' ? 'standard-children' : 'express-children';
}

function readChoice(base: Base, reading: Reading): ChoiceState {
  const { fields, at } = base;
  const rules = reading.list(fields['Choices'], `${at}.Choices`) ?? [];
  const { Default: otherwise } = fields;
  return {
    ...base,
    type: 'Choice',
    rules: rules.flatMap((rule, place) => readRule(rule, `${at}.Choices[${place}]`, reading) ?? []),
    otherwise: otherwise === undefined ? null : (reading.text(otherwise, `${at}.Default`) ?? null),
  };
}

function readRule(value: unknown, at: string, reading: Reading): ChoiceRule | undefined {
  const fields = reading.object(value, at);
  const next = fields === undefined ? undefined : reading.text(fields['Next'], `${at}.Next`);
  return fields === undefined || next === undefined ? undefined : { at, next, fields };
}

/** Exactly one of Next and End: true. */
function readNext({ fields, at }: Base, reading: Reading): string | null {
  const { Next: next, End: end } = fields;
  if ((next === undefined) === (end === undefined)) {
    const what = next === undefined ? 'neither Next nor End' : 'both Next and End';
    return reading.malformed(at, `has ${what}`, 'set Next to a state, or End to true') ?? null;
  }
  if (next !== undefined) return reading.text(next, `${at}.Next`) ?? null;
  if (end === true) return null;
  return reading.malformed(`${at}.End`, `is ${JSON.stringify(end)}`, 'set true, or set Next instead') ?? null;
}
