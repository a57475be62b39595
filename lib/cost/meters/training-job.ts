import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { requireCheckpoints } from '../spot/require-checkpoints.ts';
import type { Bounded } from '../tree/bounded.ts';
import { isUnresolved } from '../unresolved.ts';
import { boundClusters, type Clusters, readTrainingClusters } from './instances.ts';
import { type Limit, readLimit } from './limit.ts';
import type { Meter } from './meter.ts';
import { STOP_SECONDS } from './sagemaker-rates.ts';
import {
  elementsOf,
  isSet,
  malformed,
  notKnown,
  type Setting,
  settingIn,
  unknownOptions,
  unmeteredOption,
} from './setting.ts';

/** What CreateTrainingJob takes that adds nothing to what its instances cost. Source: SageMaker API (2026-11-20). */
const TRAINING_OPTIONS = new Set([
  'TrainingJobName',
  'HyperParameters',
  'AlgorithmSpecification',
  'RoleArn',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'VpcConfig',
  'StoppingCondition',
  'Tags',
  'EnableNetworkIsolation',
  'EnableInterContainerTrafficEncryption',
  'EnableManagedSpotTraining',
  'CheckpointConfig',
  'DebugHookConfig',
  'DebugRuleConfigurations',
  'TensorBoardOutputConfig',
  'ExperimentConfig',
  'ProfilerConfig',
  'ProfilerRuleConfigurations',
  'Environment',
  'RetryStrategy',
  'SessionChainingConfig',
]);

/** A day, and 28 days. Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html (2026-11-20). */
const DEFAULT_RUN_SECONDS = 86_400;
const MOST_RUN_SECONDS = 2_419_200;

/** What one training job can run and be billed for. */
export interface TrainingTime {
  /** Managed spot training. */
  readonly isSpot: boolean;
  readonly run: Limit;
  /** Null without spot. */
  readonly wait: Limit | null;
  /** The longest that instances can be billed: with spot, all of the waiting time counts, and the stop. */
  readonly billed: Limit;
}

/**
 * The most that one training job can cost, at the on-demand price. With managed spot the waiting time counts as if it
 * ran: that the run time is summed over interruptions is not documented. Retries of SageMaker itself are inside the limit.
 */
export const boundTrainingJob: Meter = ({ arguments: definition }, context) => {
  const clusters = readTrainingClusters(settingIn(definition, 'ResourceConfig'));
  const bound = boundTraining({ definition, clusters }, context);
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...unknownOptions(definition, TRAINING_OPTIONS)] };
};

/** What a training job, and each job of a tuning job, is bounded by. */
export function boundTraining(
  { definition, clusters }: { readonly definition: Setting; readonly clusters: Clusters },
  context: CostContext,
): Bounded {
  const time = readTrainingTime(definition, context);
  const bound = boundClusters(clusters, time.billed, context);
  const extras = [
    ...time.billed.diagnostics,
    ...(time.isSpot ? requireCheckpoints(definition) : []),
    ...refuseWarmPool(settingIn(definition, 'ResourceConfig')),
    ...refusePaidOptions(definition),
  ];
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...extras] };
}

/** How long a job can run and be billed; the problems of all limits are those of `billed`. */
export function readTrainingTime(definition: Setting, { accepted }: CostContext): TrainingTime {
  const stopping = settingIn(definition, 'StoppingCondition');
  const spot = settingIn(definition, 'EnableManagedSpotTraining');
  const expected = 'a literal number of seconds';
  const standard = accepted.has('service-defaults') ? DEFAULT_RUN_SECONDS : undefined;
  const run = readLimit(settingIn(stopping, 'MaxRuntimeInSeconds'), { expected, most: MOST_RUN_SECONDS, standard });
  const unknown = notKnown(spot, 'set EnableManagedSpotTraining to true or false');
  if (unknown !== undefined || spot.value !== true) {
    const own = unknown ?? refuseFlag(spot);
    const diagnostics = own === undefined ? run.diagnostics : [own, ...run.diagnostics];
    return { isSpot: false, run, wait: null, billed: { ...run, value: run.value + STOP_SECONDS, diagnostics } };
  }
  const wait = readLimit(settingIn(stopping, 'MaxWaitTimeInSeconds'), { expected });
  const diagnostics = [...run.diagnostics, ...wait.diagnostics, ...refuseShortWait(run, wait)];
  return { isSpot: true, run, wait, billed: { ...wait, value: wait.value + STOP_SECONDS, diagnostics } };
}

const refuseFlag = (spot: Setting): Diagnostic | undefined =>
  isSet(spot) && typeof spot.value !== 'boolean' ? malformed(spot, 'true or false') : undefined;

function refuseShortWait(run: Limit, wait: Limit): readonly Diagnostic[] {
  const isKnown = run.diagnostics.length + wait.diagnostics.length === 0;
  if (!isKnown || wait.value >= run.value) return [];
  const message = `is ${wait.value}, less than MaxRuntimeInSeconds, which is ${run.value}`;
  return [costDiagnostic('malformed-definition', { at: wait.at, message, fix: `set at least ${run.value}` })];
}

function refuseWarmPool(config: Setting): readonly Diagnostic[] {
  const keepAlive = settingIn(config, 'KeepAlivePeriodInSeconds');
  if (!isSet(keepAlive) || keepAlive.value === 0 || isUnresolved(config.value)) return [];
  const fix = 'leave KeepAlivePeriodInSeconds out: a warm pool is billed after the job';
  const message = `is ${JSON.stringify(keepAlive.value)}`;
  return [notKnown(keepAlive, fix) ?? costDiagnostic('warm-pool', { at: keepAlive.at, message, fix })];
}

/** Rules of the debugger run on instances of their own; algorithms of the marketplace can have prices of their own. */
function refusePaidOptions(definition: Setting): readonly Diagnostic[] {
  const rules = ['DebugRuleConfigurations', 'ProfilerRuleConfigurations']
    .map((field) => settingIn(definition, field))
    .filter((setting) => isSet(setting) && !isUnresolved(definition.value) && elementsOf(setting)?.length !== 0)
    .map(({ at }) => unmeteredOption(at, 'starts instances beside those of the job', 'leave it out'));
  return [...rules, ...refusePricedAlgorithm(definition)];
}

function refusePricedAlgorithm(definition: Setting): readonly Diagnostic[] {
  const algorithm = settingIn(settingIn(definition, 'AlgorithmSpecification'), 'AlgorithmName');
  if (!isSet(algorithm) || isUnresolved(definition.value)) return [];
  const refusal = unmeteredOption(
    algorithm.at,
    'names an algorithm that may have a price of its own',
    'use TrainingImage',
  );
  return [notKnown(algorithm, 'leave AlgorithmName out: use TrainingImage') ?? refusal];
}
