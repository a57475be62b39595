import type { IngestProgram, SourceIngest, TrainingSetProgram } from '../contracts/job-program.ts';
import type { RunProgram, RunSource } from '../contracts/run-program.ts';
import { must } from '../errors/fault.ts';
import { trainingSetProgram } from '../features/training-set-program.ts';
import { canonicalJson, sha256 } from '../plan/fingerprint.ts';
import { deepFreeze } from '../plan/freeze.ts';
import type { Plan, PlannedIngest, PlannedSource } from '../plan/plan.ts';
import { checkProgram, uniqueKeyCheck } from '../sql/check-measures.ts';
import { ingestStatements } from '../sql/ingest-statements.ts';
import { usdToDecimal } from '../units/usd.ts';

/** The files that tell jobs and handlers what to do. */
export interface Programs {
  readonly ingest: IngestProgram;
  readonly trainingSet: TrainingSetProgram;
  readonly run: RunProgram;
}

/** Everything that the processes of a run need to know of a plan; equal plans give equal files. */
export function renderPrograms(plan: Plan): Programs {
  const ingest: IngestProgram = { kind: 'ingest', version: 2, sources: plan.sources.map(sourceIngest) };
  const trainingSet = trainingSetProgram(plan);
  return deepFreeze({ ingest, trainingSet, run: runProgram(plan, { ingest, trainingSet }) });
}

/** The exact text of a program's file; its SHA-256 is the program's digest. */
export function programText(program: Programs[keyof Programs]): string {
  return `${canonicalJson(program)}\n`;
}

function sourceIngest({ name, kind, columns, ingest }: PlannedSource): SourceIngest {
  return {
    source: name,
    kind,
    format: ingest.format,
    columns,
    statements: ingestStatements(ingest),
    orderBy: orderOf(ingest),
    checks: checksOf(ingest),
  };
}

/** Events by time, a static table by key; every other column follows. */
function orderOf({ eventTime, uniqueKey, columns }: PlannedIngest): readonly string[] {
  const first = eventTime === null ? (uniqueKey ?? []) : [eventTime, 'known_time'];
  return [...new Set([...first, ...columns.map(({ name }) => name)])];
}

function checksOf({ columns, uniqueKey, checks }: PlannedIngest): SourceIngest['checks'] {
  const unique = uniqueKey === null ? [] : [uniqueKeyCheck(columns, uniqueKey)];
  return [...unique, ...checks.map(checkProgram)];
}

function runProgram(plan: Plan, { ingest, trainingSet }: Pick<Programs, 'ingest' | 'trainingSet'>): RunProgram {
  return {
    version: 2,
    pipeline: plan.pipeline,
    sources: ingest.sources.map((source, index) => runSource(source, must(plan.sources[index], 'its source'))),
    trainingSetDigest: sha256(programText(trainingSet)),
    historyMicroseconds: plan.historyMicroseconds,
    trials: plan.trials,
    triesPerJob: plan.triesPerJob,
    seed: plan.seed,
    selectBy: plan.selectBy,
    gates: plan.gates,
    monthBudgetUsd: usdToDecimal(plan.bounds.month),
    runBudgetUsd: usdToDecimal(plan.bounds.run),
  };
}

/** A source's digest is of its own part alone: what is done with another one's files does not ingest these again. */
function runSource(ingest: SourceIngest, { name, kind, lookbackMicroseconds }: PlannedSource): RunSource {
  return { name, kind, ingestDigest: sha256(canonicalJson(ingest)), lookbackMicroseconds };
}
