import type { CostContext } from '../cost-context.ts';
import type { Bounded } from '../tree/bounded.ts';
import { times } from '../tree/cost-node.ts';
import { boundClusters, type Clusters, readTrainingClusters, readTuningClusters } from './instances.ts';
import { type Limit, readLimit } from './limit.ts';
import { dearestOf, type Meter } from './meter.ts';
import { STOP_SECONDS } from './sagemaker-rates.ts';
import { elementsOf, isSet, type Setting, settingIn, unknownOptions } from './setting.ts';
import { boundTraining } from './training-job.ts';

/** What CreateHyperParameterTuningJob takes, without Autotune, which chooses settings itself. Source: SageMaker API (2026-11-20). */
const TUNING_OPTIONS = new Set([
  'HyperParameterTuningJobName',
  'HyperParameterTuningJobConfig',
  'TrainingJobDefinition',
  'TrainingJobDefinitions',
  'WarmStartConfig',
  'Tags',
]);

interface Definition {
  readonly definition: Setting;
  readonly clusters: Clusters;
}

/**
 * The most that one tuning job can cost: every training job at its limit, or all that run side by side until the
 * tuning job is stopped, whichever is less. Early stopping and a warm start can only lower it.
 */
export const boundTuningJob: Meter = ({ arguments: tuning }, context) => {
  const limits = settingIn(settingIn(tuning, 'HyperParameterTuningJobConfig'), 'ResourceLimits');
  const definitions = definitionsOf(tuning);
  const count = readLimit(settingIn(limits, 'MaxNumberOfTrainingJobs'), { expected: 'a literal number of jobs' });
  const job = dearestOf(definitions.map((definition) => boundTraining(definition, context)));
  const everyJob: Bounded = {
    node: times(`${count.value} training jobs`, count.at, count.value, job.node),
    diagnostics: [...job.diagnostics, ...count.diagnostics, ...unknownOptions(tuning, TUNING_OPTIONS)],
  };
  const sideBySide = boundSideBySide({ limits, definitions }, context);
  return sideBySide === undefined ? everyJob : cheaper(everyJob, sideBySide);
};

/** What the jobs that run at the same time can cost until the tuning job stops them; undefined where it has no limit. */
function boundSideBySide(
  { limits, definitions }: { readonly limits: Setting; readonly definitions: readonly Definition[] },
  context: CostContext,
): Bounded | undefined {
  const limit = settingIn(limits, 'MaxRuntimeInSeconds');
  if (!isSet(limit)) return undefined;
  const run = readLimit(limit, { expected: 'a literal number of seconds' });
  const parallel = readLimit(settingIn(limits, 'MaxParallelTrainingJobs'), { expected: 'a literal number of jobs' });
  const billed: Limit = { ...run, value: run.value + STOP_SECONDS };
  const one = dearestOf(definitions.map(({ clusters }) => boundClusters(clusters, billed, context)));
  return {
    node: times(`${parallel.value} jobs at the same time`, parallel.at, parallel.value, one.node),
    diagnostics: [...run.diagnostics, ...parallel.diagnostics],
  };
}

/** Both hold, so that the lesser one is the bound; with a problem in either, neither is. */
function cheaper(first: Bounded, second: Bounded): Bounded {
  const diagnostics = [...first.diagnostics, ...second.diagnostics];
  return { node: second.node.usd < first.node.usd ? second.node : first.node, diagnostics };
}

function definitionsOf(tuning: Setting): readonly Definition[] {
  const several = elementsOf(settingIn(tuning, 'TrainingJobDefinitions')) ?? [];
  const definitions = several.length > 0 ? several : [settingIn(tuning, 'TrainingJobDefinition')];
  return definitions.map((definition) => ({ definition, clusters: clustersOf(definition) }));
}

function clustersOf(definition: Setting): Clusters {
  const own = settingIn(definition, 'HyperParameterTuningResourceConfig');
  return isSet(own) ? readTuningClusters(own) : readTrainingClusters(settingIn(definition, 'ResourceConfig'));
}
