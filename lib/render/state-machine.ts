import type { State, StateMachine } from '../asl/state-machine.ts';
import { decidePromotion, gatekeepers, shortcuts } from './choices.ts';
import { endings } from './endings.ts';
import { evaluate } from './evaluation-task.ts';
import { concatenated, jsonata } from './expressions.ts';
import { failedGates } from './gates.ts';
import { auditTrainingSet, buildTrainingSet, ingestAndCheck, reportsPrefix } from './glue-tasks.ts';
import { freezeEvaluation, openingTasks, publishPartitions, registerModel, settleRun } from './lambda-tasks.ts';
import { BODY, readObject } from './read-tasks.ts';
import type { ResourceNames } from './resource-names.ts';
import { STATE_NAMES } from './state-names.ts';
import { trainTrials } from './train-trials.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

/** The reports that decide what comes next. */
function reports(plan: WorkflowPlan, names: ResourceNames): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.readQuality]: readObject(STATE_NAMES.readQuality, {
      bucket: names.bucket,
      key: jsonata(concatenated(reportsPrefix(plan, '$ingestAttempt'), "'quality.json'")),
      assign: { quality: jsonata(BODY), refusal: jsonata(`[${BODY}.failures]`) },
      next: STATE_NAMES.decideQuality,
    }),
    [STATE_NAMES.readTrainingSet]: readObject(STATE_NAMES.readTrainingSet, {
      bucket: jsonata('$frozen.trainingSet.manifest.bucket'),
      key: jsonata('$frozen.trainingSet.manifest.key'),
      assign: { trainingSetPrefix: jsonata(`${BODY}.prefix`) },
      next: STATE_NAMES.isAuditPublished,
    }),
    [STATE_NAMES.readAudit]: readObject(STATE_NAMES.readAudit, {
      bucket: jsonata('$frozen.audit.report.bucket'),
      key: jsonata('$frozen.audit.report.key'),
      assign: {
        audit: jsonata(`{ 'passed': ${BODY}.passed, 'findings': ${BODY}.findingCount }`),
        refusal: jsonata(`[${BODY}.failures]`),
      },
      next: STATE_NAMES.decideAudit,
    }),
    [STATE_NAMES.readEvaluation]: readObject(STATE_NAMES.readEvaluation, {
      bucket: jsonata('$reportLocation.bucket'),
      key: jsonata('$reportLocation.key'),
      assign: {
        report: jsonata(BODY),
        failedGates: jsonata(`($report := ${BODY}; ${failedGates(plan.gates)})`),
        decision: 'candidate',
      },
      next: STATE_NAMES.decidePromotion,
    }),
  };
}

/**
 * The training DAG of a plan. Everything that costs money is a literal of it or of the job that it starts; no
 * state passes data, only references and small reports.
 */
export function renderStateMachine(plan: WorkflowPlan, names: ResourceNames): StateMachine {
  return {
    Comment: `${plan.pipeline}: from landed files to a registered model`,
    QueryLanguage: 'JSONata',
    StartAt: STATE_NAMES.admitRun,
    States: {
      ...openingTasks(names),
      ...gatekeepers(),
      ...shortcuts(),
      [STATE_NAMES.ingest]: ingestAndCheck(plan, names),
      [STATE_NAMES.publishPartitions]: publishPartitions(names),
      [STATE_NAMES.buildTrainingSet]: buildTrainingSet(plan, names),
      [STATE_NAMES.auditTrainingSet]: auditTrainingSet(plan, names),
      ...reports(plan, names),
      [STATE_NAMES.trainTrials]: trainTrials(plan, names),
      [STATE_NAMES.freezeEvaluation]: freezeEvaluation(names),
      [STATE_NAMES.evaluate]: evaluate(plan, names),
      [STATE_NAMES.decidePromotion]: decidePromotion(plan),
      [STATE_NAMES.registerModel]: registerModel(names),
      [STATE_NAMES.settleRun]: settleRun(names),
      ...endings(),
    },
  };
}
