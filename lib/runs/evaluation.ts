import type { TrainingSetManifest } from '../contracts/manifest.ts';
import type { ChampionComparison, EvaluationInputs, TrialManifest } from '../contracts/model.ts';
import { objectUri } from '../contracts/object-keys.ts';
import type { ModelVersion } from '../contracts/registry.ts';
import { must } from '../errors/fault.ts';
import { UserError } from '../errors/user-error.ts';
import { compareChampion } from './champion-comparison.ts';
import { featureGroups } from './feature-groups.ts';
import { type ComparedChampion, evaluationKey, type StageContext } from './stage-fingerprints.ts';

/** What is to be compared: the trials that finished, and the champion of the moment. */
export interface Contest {
  readonly trainingSet: TrainingSetManifest;
  readonly trials: readonly TrialManifest[];
  readonly champion: ModelVersion | undefined;
  /** The version that the champion itself was compared with when it was registered. */
  readonly formerChampion: ModelVersion | undefined;
}

export interface FrozenEvaluation {
  readonly key: string;
  readonly inputs: EvaluationInputs;
  /** SageMaker's manifest file: a prefix, then the keys to download below it. */
  readonly contenders: readonly [{ readonly prefix: string }, ...(readonly string[])];
}

/** @throws UserError `no-trial-finished` */
export function requireTrials<T>(trials: readonly T[]): readonly T[] {
  if (trials.length > 0) return trials;
  throw new UserError({
    code: 'no-trial-finished',
    message: 'no trial of the run finished, there is no model to evaluate',
    resolution: 'see the causes in the output of the state Train trials, then start the slot again',
  });
}

/**
 * The evaluation of a contest: its key, and what the processing job reads. A champion that won over these very trials
 * is not set against itself: the evaluation that made it champion is the answer.
 */
export function freezeEvaluation(context: StageContext, bucket: string, contest: Contest): FrozenEvaluation {
  const { champion, trainingSet, trials } = contest;
  const comparison = compareChampion(champion, trainingSet);
  const key = keyOfChampion(context, contest) ?? keyOf(context, contest, comparedChampion(champion, comparison));
  const compared = comparison === 'compared' ? champion : undefined;
  const archives = trials.flatMap((trial) => [trial.model.key, trial.output.key]);
  return {
    key,
    inputs: evaluationInputs(context, key, { features: trainingSet.features, trials, comparison, champion: compared }),
    contenders: [{ prefix: objectUri(bucket, '') }, ...archives, ...(compared ? [compared.artifact.key] : [])],
  };
}

/** The key that the champion was registered by, where an evaluation of the same contest has it again. */
function keyOfChampion(context: StageContext, contest: Contest): string | undefined {
  const { champion, formerChampion } = contest;
  if (champion === undefined) return undefined;
  const key = keyOf(context, contest, comparedChampion(formerChampion, champion.evaluation.championComparison));
  return key === champion.evaluation.key ? key : undefined;
}

function keyOf(context: StageContext, { trainingSet, trials }: Contest, champion: ComparedChampion): string {
  const fingerprints = trials.map((trial) => trial.fingerprint);
  return evaluationKey(context, { trainingSet: trainingSet.fingerprint, trials: fingerprints, champion });
}

function comparedChampion(champion: ModelVersion | undefined, comparison: ChampionComparison): ComparedChampion {
  const compared = comparison === 'compared' ? must(champion, 'the version that was compared') : undefined;
  return { comparison, sha256: compared?.artifact.sha256 ?? null, version: compared?.number ?? null };
}

interface Contenders {
  readonly features: TrainingSetManifest['features'];
  readonly trials: readonly TrialManifest[];
  readonly comparison: ChampionComparison;
  readonly champion: ModelVersion | undefined;
}

function evaluationInputs(
  { program }: StageContext,
  key: string,
  { features, trials, comparison, champion }: Contenders,
): EvaluationInputs {
  return {
    version: 1,
    key,
    trials: trials.map(({ index, fingerprint, model, output }) => ({
      index,
      fingerprint,
      path: model.key,
      sha256: model.sha256,
      output: output.key,
      outputSha256: output.sha256,
    })),
    championComparison: comparison,
    champion:
      champion === undefined
        ? null
        : {
            version: champion.number,
            path: champion.artifact.key,
            sha256: champion.artifact.sha256,
            threshold: champion.threshold,
            features: champion.inputSchema.map(({ name }) => name),
          },
    selectBy: program.selectBy,
    featureGroups: featureGroups(features),
  };
}
