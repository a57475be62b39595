import type { MapState, State, TaskState } from '../asl/state-machine.ts';
import { jsonata } from './expressions.ts';
import { invokeHandler } from './lambda-tasks.ts';
import type { ResourceNames } from './resource-names.ts';
import { ANY_TRY_FAILED, settleOnFailure } from './retriers.ts';
import { STATE_NAMES } from './state-names.ts';
import { trainTrial } from './training-task.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

/** A failed trial is a result of its iteration: the others go on, and are enough. */
function publishTrial(names: ResourceNames): TaskState {
  const payload = {
    trial: jsonata('$states.input.trial'),
    job: jsonata('$states.input.job'),
    status: jsonata('$states.input.status'),
  };
  return {
    ...invokeHandler(names, { handler: 'publish-trial', payload }),
    Output: jsonata("$merge([$states.result.Payload, { 'repeated': $states.input.trial.repeated }])"),
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: { trial: jsonata('$states.input.trial'), error: jsonata('$states.errorOutput') },
        Next: STATE_NAMES.recordFailedTrial,
      },
    ],
    Next: STATE_NAMES.trialIsPublished,
  };
}

/** The states of one iteration; it ends with the trial's index and fingerprint, whether it is published, and repeated. */
function iteration(plan: WorkflowPlan, names: ResourceNames): Readonly<Record<string, State>> {
  return {
    [STATE_NAMES.isTrialPublished]: {
      Type: 'Choice',
      Choices: [{ Condition: jsonata('$states.input.published = true'), Next: STATE_NAMES.trialIsPublished }],
      Default: STATE_NAMES.trainTrial,
    },
    [STATE_NAMES.trainTrial]: trainTrial(plan, names),
    [STATE_NAMES.publishTrial]: publishTrial(names),
    [STATE_NAMES.trialIsPublished]: {
      Type: 'Pass',
      Output: {
        index: jsonata('$states.input.index'),
        fingerprint: jsonata('$states.input.fingerprint'),
        published: true,
        repeated: jsonata('$states.input.repeated = true'),
      },
      End: true,
    },
    [STATE_NAMES.recordFailedTrial]: {
      Type: 'Pass',
      Output: {
        index: jsonata('$states.input.trial.index'),
        fingerprint: jsonata('$states.input.trial.fingerprint'),
        published: false,
        error: jsonata('$states.input.error.Error'),
        cause: jsonata("$exists($states.input.error.Cause) ? $substring($states.input.error.Cause, 0, 1000) : ''"),
      },
      End: true,
    },
  };
}

/** Trains every trial that is not yet published, so many at once; what is left of it are the trials that finished. */
export function trainTrials(plan: WorkflowPlan, names: ResourceNames): MapState {
  const finished = "$states.result[published = true].{ 'index': index, 'fingerprint': fingerprint }";
  return {
    Type: 'Map',
    // The literal range bounds the number of jobs: an item is a place in it, whatever was frozen.
    Items: jsonata(`[$filter([0..${plan.trials.length - 1}], function($place) { $place < $count($frozen.trials) })]`),
    ItemSelector: jsonata('$frozen.trials[$states.context.Map.Item.Value]'),
    MaxConcurrency: plan.training.concurrency,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: STATE_NAMES.isTrialPublished,
      States: iteration(plan, names),
    },
    Assign: {
      finishedTrials: jsonata(`[${finished}]`),
      anyTryFailed: jsonata(
        `${ANY_TRY_FAILED} or false in $states.result.published or true in $states.result.repeated`,
      ),
    },
    Output: { trials: jsonata('$states.result') },
    Catch: settleOnFailure(STATE_NAMES.trainTrials),
    Next: STATE_NAMES.freezeEvaluation,
  };
}
