import type { IngestProgram, TrainingSetProgram } from '../contracts/job-program.ts';
import type { RunProgram } from '../contracts/run-program.ts';
import { trainingSetProgram } from '../features/training-set-program.ts';
import { canonicalJson, sha256 } from '../plan/fingerprint.ts';
import { deepFreeze } from '../plan/freeze.ts';
import type { Plan, PlannedSource } from '../plan/plan.ts';
import { checkProgram } from '../sql/check-measures.ts';
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
  const ingest = ingestProgram(plan.sources[0]);
  const trainingSet = trainingSetProgram(plan);
  return deepFreeze({ ingest, trainingSet, run: runProgram(plan, { ingest, trainingSet }) });
}

/** The exact text of a program's file; its SHA-256 is the program's digest. */
export function programText(program: Programs[keyof Programs]): string {
  return `${canonicalJson(program)}\n`;
}

function ingestProgram(source: PlannedSource): IngestProgram {
  const { columns, ingest } = source;
  return {
    kind: 'ingest',
    version: 1,
    source: source.name,
    format: ingest.format,
    columns,
    statements: ingestStatements(source),
    orderBy: [...new Set([ingest.eventTime, 'known_time', ...columns.map(({ name }) => name)])],
    checks: ingest.checks.map(checkProgram),
  };
}

function runProgram(plan: Plan, { ingest, trainingSet }: Pick<Programs, 'ingest' | 'trainingSet'>): RunProgram {
  return {
    version: 1,
    pipeline: plan.pipeline,
    source: plan.sources[0].name,
    ingestDigest: sha256(programText(ingest)),
    trainingSetDigest: sha256(programText(trainingSet)),
    historyMicroseconds: plan.historyMicroseconds,
    lookbackMicroseconds: plan.sources[0].lookbackMicroseconds,
    trials: plan.trials,
    triesPerJob: plan.triesPerJob,
    seed: plan.seed,
    selectBy: plan.selectBy,
    gates: plan.gates,
    monthBudgetUsd: usdToDecimal(plan.bounds.month),
    runBudgetUsd: usdToDecimal(plan.bounds.run),
  };
}
