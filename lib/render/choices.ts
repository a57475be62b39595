import type { ChoiceState, State } from '../asl/state-machine.ts';
import { jsonata } from './expressions.ts';
import { allGatesHold } from './gates.ts';
import { STATE_NAMES } from './state-names.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

interface Question {
  /** Only `true` is a yes. */
  readonly condition: string;
  readonly yes: string;
  readonly no: string;
}

const choice = ({ condition, yes, no }: Question): ChoiceState => ({
  Type: 'Choice',
  Choices: [{ Condition: jsonata(`(${condition}) = true`), Next: yes }],
  Default: no,
});

/** Where the run goes on or is refused: what is unclear is refused. */
export function gatekeepers(): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.isAdmitted]: choice({
      condition: '$admission.admitted',
      yes: STATE_NAMES.freezeInputs,
      no: STATE_NAMES.settleRun,
    }),
    [STATE_NAMES.decideQuality]: choice({
      condition: '$quality.passed',
      yes: STATE_NAMES.publishPartitions,
      no: STATE_NAMES.settleRun,
    }),
    [STATE_NAMES.decideAudit]: choice({
      condition: '$audit.passed',
      yes: STATE_NAMES.trainTrials,
      no: STATE_NAMES.settleRun,
    }),
  };
}

/** Where published work is skipped: what is unclear is done. */
export function shortcuts(): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.isThereInput]: choice({
      condition: '$frozen.ingest.needed = false',
      yes: STATE_NAMES.isTrainingSetPublished,
      no: STATE_NAMES.ingest,
    }),
    [STATE_NAMES.isTrainingSetPublished]: choice({
      condition: '$frozen.trainingSet.published',
      yes: STATE_NAMES.readTrainingSet,
      no: STATE_NAMES.buildTrainingSet,
    }),
    [STATE_NAMES.isAuditPublished]: choice({
      condition: '$frozen.audit.published',
      yes: STATE_NAMES.readAudit,
      no: STATE_NAMES.auditTrainingSet,
    }),
    [STATE_NAMES.isEvaluationPublished]: {
      Type: 'Choice',
      Choices: [
        {
          Condition: jsonata('$evaluation.published = true'),
          Assign: { reportLocation: jsonata('$evaluation.report') },
          Next: STATE_NAMES.readEvaluation,
        },
      ],
      Default: STATE_NAMES.evaluate,
    },
  };
}

/** The gates; a version is a candidate unless all of them hold. */
export function decidePromotion(plan: WorkflowPlan): ChoiceState {
  return {
    Type: 'Choice',
    Choices: [
      {
        Condition: jsonata(allGatesHold(plan.gates)),
        Assign: { decision: 'approved' },
        Next: STATE_NAMES.registerModel,
      },
    ],
    Default: STATE_NAMES.registerModel,
  };
}
