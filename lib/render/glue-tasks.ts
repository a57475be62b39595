import type { JsonObject } from '../asl/json.ts';
import type { Assignments, TaskState } from '../asl/state-machine.ts';
import { AUDITED_ROWS } from '../contracts/audit.ts';
import {
  curatedAttemptPrefix,
  ingestAttemptPrefix,
  objectUri,
  quarantineAttemptPrefix,
} from '../contracts/object-keys.ts';
import { attemptId, concatenated, EXECUTION_CONTEXT, jsonata, quoted } from './expressions.ts';
import type { ResourceNames } from './resource-names.ts';
import { jobRetriers, rememberTries, settleOnFailure } from './retriers.ts';
import { STATE_NAMES } from './state-names.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

interface GlueRun {
  readonly state: string;
  readonly job: string;
  /** Arguments of the run that only this job has. */
  readonly arguments: JsonObject;
  readonly assign?: Assignments;
  readonly next: string;
}

/** Runs a Glue job and waits. Its limits are the job's own: nothing that costs money is set here. */
function glueTask(plan: WorkflowPlan, run: GlueRun): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::glue:startJobRun.sync',
    Arguments: {
      JobName: run.job,
      Arguments: {
        ...run.arguments,
        '--attempt': jsonata(attemptId(run.state)),
        '--engine': EXECUTION_CONTEXT.engine,
        '--execution': EXECUTION_CONTEXT.execution,
      },
    },
    Assign: { ...run.assign, ...rememberTries },
    ...jobRetriers(plan.triesPerJob),
    Catch: settleOnFailure(run.state),
    Next: run.next,
  };
}

/** Stand for the parts of a key that only the run knows, until the key is split there. */
const BATCH = '<batch>';
const ATTEMPT = '<attempt>';

type AttemptPrefix = (batch: string, attempt: string) => string;

/** Expression of a key prefix that an ingest attempt writes below, given the expression of the attempt's id. */
function attemptPrefix(prefix: AttemptPrefix, attempt: string): string {
  const expressions: Readonly<Record<string, string>> = { [BATCH]: '$frozen.ingest.batch', [ATTEMPT]: attempt };
  const parts = prefix(BATCH, ATTEMPT).split(/(<batch>|<attempt>)/);
  return concatenated(...parts.map((part) => expressions[part] ?? quoted(part)));
}

/** Expression of the key prefix of an ingest attempt's reports. */
export const reportsPrefix = ({ pipeline }: WorkflowPlan, attempt: string): string =>
  attemptPrefix((batch, of) => ingestAttemptPrefix(pipeline, batch, of), attempt);

export function ingestAndCheck(plan: WorkflowPlan, names: ResourceNames): TaskState {
  const attempt = attemptId(STATE_NAMES.ingest);
  const root = objectUri(names.bucket, '');
  /** One prefix for each source of the program, in its order. */
  const bySource = (prefixOf: (source: string, batch: string, attempt: string) => string): string =>
    attemptPrefix(
      (batch, of) => plan.sources.map(({ name }) => `${root}${prefixOf(name, batch, of)}`).join(','),
      attempt,
    );
  return glueTask(plan, {
    state: STATE_NAMES.ingest,
    job: names.ingestJob,
    arguments: {
      '--program': names.programs.ingest,
      '--inputs': jsonata('$frozen.ingest.inputs'),
      '--reports': jsonata(concatenated(quoted(root), reportsPrefix(plan, attempt))),
      '--curated': jsonata(bySource(curatedAttemptPrefix)),
      '--quarantine': jsonata(bySource(quarantineAttemptPrefix)),
    },
    assign: { ingestAttempt: jsonata(attempt) },
    next: STATE_NAMES.readQuality,
  });
}

export function buildTrainingSet(plan: WorkflowPlan, names: ResourceNames): TaskState {
  return glueTask(plan, {
    state: STATE_NAMES.buildTrainingSet,
    job: names.trainingSetJob,
    arguments: {
      '--program': names.programs.trainingSet,
      '--inputs': jsonata('$frozen.trainingSet.inputs'),
      '--bucket': names.bucket,
      '--prefix': jsonata('$frozen.trainingSet.prefix'),
    },
    next: STATE_NAMES.readTrainingSet,
  });
}

/** Recomputes a sample of the set by naive range joins, before anything is trained on it. */
export function auditTrainingSet(plan: WorkflowPlan, names: ResourceNames): TaskState {
  const { bucket, key } = { bucket: '$frozen.trainingSet.manifest.bucket', key: '$frozen.trainingSet.manifest.key' };
  return glueTask(plan, {
    state: STATE_NAMES.auditTrainingSet,
    job: names.auditJob,
    arguments: {
      '--program': names.programs.trainingSet,
      '--inputs': jsonata('$frozen.trainingSet.inputs'),
      '--training-set': jsonata(concatenated("'s3://'", bucket, "'/'", key)),
      '--rows': String(AUDITED_ROWS),
      '--bucket': names.bucket,
      '--prefix': jsonata('$frozen.audit.prefix'),
    },
    next: STATE_NAMES.readAudit,
  });
}
