import type { JsonObject } from '../asl/json.ts';
import type { Assignments, State, TaskState } from '../asl/state-machine.ts';
import { EXECUTION_CONTEXT, EXECUTION_NAME, jsonata } from './expressions.ts';
import type { ResourceNames, RunHandler } from './resource-names.ts';
import { ANY_TRY_FAILED, LAMBDA_RETRIERS, settleOnFailure } from './retriers.ts';
import { STATE_NAMES } from './state-names.ts';

const PAYLOAD = jsonata('$states.result.Payload');

interface HandlerCall {
  readonly handler: RunHandler;
  readonly payload: JsonObject;
}

/** The call of a handler, with its retrier; what follows is the state's own. */
export const invokeHandler = (names: ResourceNames, { handler, payload }: HandlerCall) =>
  ({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: names.handlers[handler], Payload: payload },
    Retry: LAMBDA_RETRIERS,
  }) as const;

interface HandlerState extends HandlerCall {
  readonly assign: Assignments;
  readonly next: string;
}

function handlerState(names: ResourceNames, name: string, { assign, next, ...call }: HandlerState): TaskState {
  return { ...invokeHandler(names, call), Assign: assign, Catch: settleOnFailure(name), Next: next };
}

/** An execution says of which definition it is: only the one that was bounded may spend. */
const admissionPayload = ({ definitionDigest }: ResourceNames): JsonObject =>
  definitionDigest === undefined ? EXECUTION_CONTEXT : { ...EXECUTION_CONTEXT, definitionDigest };

/** The states before the jobs; admission gives every variable its first value, for an unset one cannot be read. */
export function openingTasks(names: ResourceNames): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.admitRun]: handlerState(names, STATE_NAMES.admitRun, {
      handler: 'admit-run',
      payload: admissionPayload(names),
      assign: {
        admission: PAYLOAD,
        refusal: jsonata('$states.result.Payload.admitted = true ? [] : [$states.result.Payload.reason]'),
        failure: null,
        anyTryFailed: false,
        registration: null,
      },
      next: STATE_NAMES.isAdmitted,
    }),
    [STATE_NAMES.freezeInputs]: handlerState(names, STATE_NAMES.freezeInputs, {
      handler: 'freeze-inputs',
      payload: EXECUTION_CONTEXT,
      assign: { frozen: PAYLOAD },
      next: STATE_NAMES.isThereInput,
    }),
  };
}

/** Makes the ingest attempt that passed its checks the one that readers read. */
export function publishPartitions(names: ResourceNames): TaskState {
  return handlerState(names, STATE_NAMES.publishPartitions, {
    handler: 'publish-partitions',
    payload: {
      execution: jsonata(EXECUTION_NAME),
      batch: jsonata('$frozen.ingest.batch'),
      attempt: jsonata('$ingestAttempt'),
    },
    assign: { partitions: PAYLOAD },
    next: STATE_NAMES.isTrainingSetPublished,
  });
}

/** Which contenders are compared is resolved when it is reached: the trials that finished, the champion of now. */
export function freezeEvaluation(names: ResourceNames): TaskState {
  return handlerState(names, STATE_NAMES.freezeEvaluation, {
    handler: 'freeze-evaluation',
    payload: {
      ...EXECUTION_CONTEXT,
      trainingSet: jsonata('$frozen.trainingSet.fingerprint'),
      trials: jsonata('$finishedTrials'),
    },
    assign: { evaluation: PAYLOAD },
    next: STATE_NAMES.isEvaluationPublished,
  });
}

export function registerModel(names: ResourceNames): TaskState {
  return handlerState(names, STATE_NAMES.registerModel, {
    handler: 'register-model',
    payload: {
      ...EXECUTION_CONTEXT,
      trainingSet: jsonata('$frozen.trainingSet.fingerprint'),
      evaluationKey: jsonata('$evaluation.key'),
      report: jsonata('$reportLocation'),
      decision: jsonata('$decision'),
      failedGates: jsonata('$failedGates'),
    },
    assign: { registration: PAYLOAD },
    next: STATE_NAMES.settleRun,
  });
}

/**
 * Bills the run. Its own failure does not change how the run ended: the rule on execution status changes settles
 * again, and the next admission settles what is still open.
 */
export function settleRun(names: ResourceNames): TaskState {
  const { execution, executionArn, startTime } = EXECUTION_CONTEXT;
  const payload = { execution, executionArn, startTime, failed: jsonata(ANY_TRY_FAILED) };
  return {
    ...invokeHandler(names, { handler: 'settle-run', payload }),
    Assign: { receipt: jsonata('$states.result.Payload.receipt') },
    Catch: [{ ErrorEquals: ['States.ALL'], Assign: { receipt: null }, Next: STATE_NAMES.howDidItEnd }],
    Next: STATE_NAMES.howDidItEnd,
  };
}
