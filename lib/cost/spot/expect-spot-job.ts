import type { Diagnostic } from '../../errors/diagnostic.ts';
import { addUsd, scaleUsd, type Usd } from '../../units/usd.ts';
import type { ExpectedSpotJob, SpotExpectation } from '../assessment.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { boundClusters, readTrainingClusters } from '../meters/instances.ts';
import type { Limit } from '../meters/limit.ts';
import { VOLUME_PRICE_ITEM } from '../meters/sagemaker-rates.ts';
import { isSet, type Setting, settingIn } from '../meters/setting.ts';
import { readTrainingTime, type TrainingTime } from '../meters/training-job.ts';
import type { CostNode } from '../tree/cost-node.ts';
import { CHECKPOINT_TAG, checkpointSecondsOf } from './checkpoint-interval.ts';
import { expectedBilledSeconds, type InterruptionModel, longestInterval } from './expected-time.ts';

/**
 * Image and data of a tabular job, downloaded at each start. Of our own choosing: AWS states none, and the pull request
 * cited in expected-time.ts implies half an hour for language models of 34 billion parameters.
 */
const DEFAULT_RESTART_SECONDS = 300;

/** Shares of a price are counted in millionths. */
const MILLION = 1_000_000;

/** What is expected of one training job, and what speaks against running it on spot. */
export interface SpotExpected {
  /** Undefined for a job that is not on spot, and beside an error of its limits, which its meter reports. */
  readonly job?: ExpectedSpotJob;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What one try of a training job is expected to cost that needs all of its MaxRuntimeInSeconds, where it is on managed
 * spot. A job that writes checkpoints of unknown interval is expected to write none. A job that is expected to need
 * more time than it may wait is refused: it would be stopped, and all of it be lost.
 */
export function expectSpotJob(definition: Setting, context: CostContext, expectation: SpotExpectation): SpotExpected {
  const time = readTrainingTime(definition, context);
  const { wait } = time;
  if (!time.isSpot || wait === null || !isSet(settingIn(definition, 'CheckpointConfig'))) return { diagnostics: [] };
  const clusters = readTrainingClusters(settingIn(definition, 'ResourceConfig'));
  const bound = boundClusters(clusters, time.billed, context);
  if (time.billed.diagnostics.length + bound.diagnostics.length > 0) return { diagnostics: [] };
  const checkpointSeconds = expectation.checkpointSeconds ?? checkpointSecondsOf(definition);
  const model: InterruptionModel = {
    interruptionsPerHour: expectation.interruptionsPerHour,
    restartSeconds: expectation.restartSeconds ?? DEFAULT_RESTART_SECONDS,
    checkpointSeconds,
  };
  const needed = expectedBilledSeconds(time.run.value, model);
  const expectedSeconds = Math.ceil(Math.min(needed, time.billed.value));
  const atMost: Limit = { ...time.billed, value: expectedSeconds };
  const expectedUsd = discounted(boundClusters(clusters, atMost, context).node, expectation.saving);
  const at = definition.at;
  return {
    job: { at, checkpointSeconds, expectedSeconds, expectedUsd, boundUsd: bound.node.usd },
    diagnostics: judge({ definition, time, wait, model, needed }),
  };
}

/** Instances are cheaper on spot, volumes are not. */
function discounted(node: CostNode, saving: number): Usd {
  if (node.kind === 'sum') return addUsd(...node.children.map((child) => discounted(child, saving)));
  if (node.kind === 'times') return scaleUsd(discounted(node.child, saving), node.factor);
  if (node.item === VOLUME_PRICE_ITEM) return node.usd;
  return scaleUsd(node.usd, Math.ceil((1 - saving) * MILLION), MILLION);
}

interface Judged {
  readonly definition: Setting;
  readonly time: TrainingTime;
  readonly wait: Limit;
  readonly model: InterruptionModel;
  readonly needed: number;
}

function judge(judged: Judged): readonly Diagnostic[] {
  const { definition, wait, model, needed } = judged;
  if (model.checkpointSeconds === null) {
    const at = `${definition.at}.Tags`;
    const message = `states no ${CHECKPOINT_TAG}: how much an interruption loses is not known`;
    return [costDiagnostic('unstated-checkpoints', { at, message, fix: fixOf(judged) })];
  }
  if (needed <= wait.value) return [];
  const at = `${definition.at}.CheckpointConfig`;
  const message =
    `with a checkpoint every ${model.checkpointSeconds} s and ${model.interruptionsPerHour} interruptions an hour a job of ` +
    `${judged.time.run.value} s is expected to take ${secondsText(needed)}, and may take ${wait.value} s`;
  return [costDiagnostic('spot-without-checkpoints', { at, message, fix: fixOf(judged) })];
}

function fixOf({ time, wait, model }: Judged): string {
  const interval = longestInterval(time.run.value, wait.value, model);
  if (interval !== undefined) {
    const most = Math.min(interval, time.run.value);
    return `write a checkpoint every ${most} s or more often, and tag the job with ${CHECKPOINT_TAG}`;
  }
  const least = expectedBilledSeconds(time.run.value, { ...model, checkpointSeconds: 1 });
  return Number.isFinite(least)
    ? `raise MaxWaitTimeInSeconds to ${Math.ceil(least)} at least, with frequent checkpoints; or leave EnableManagedSpotTraining out`
    : 'leave EnableManagedSpotTraining out';
}

const secondsText = (seconds: number): string =>
  seconds < Number.MAX_SAFE_INTEGER ? `${Math.ceil(seconds)} s` : 'practically for ever';
