import type { FeatureDistribution, TrainingSetManifest } from '../contracts/manifest.ts';
import type { EvaluationReport, TrialManifest } from '../contracts/model.ts';
import { receiptKey, trainingSetManifestKey } from '../contracts/object-keys.ts';
import type { ModelVersion } from '../contracts/registry.ts';
import type { ExecutionContext } from '../contracts/state-payload.ts';
import { must } from '../errors/fault.ts';
import type { StageContext } from './stage-fingerprints.ts';

/** Everything that a version's body is made of. */
export interface VersionParts {
  readonly context: StageContext;
  readonly run: ExecutionContext;
  readonly programDigest: string;
  readonly trainingSet: { readonly manifest: TrainingSetManifest; readonly sha256: string };
  readonly distribution: readonly FeatureDistribution[];
  /** The trial that the evaluation chose. */
  readonly trial: TrialManifest;
  readonly report: EvaluationReport;
  readonly reportKey: string;
  readonly prices: ModelVersion['prices'];
  readonly boundUsd: string;
}

/** The immutable record of a model version. A function of its parts: the same evaluation gives the same body. */
export function versionBody(number: number, parts: VersionParts): ModelVersion {
  const { context, run, trial, report, distribution, prices } = parts;
  const { program } = context;
  return {
    version: 1,
    pipeline: program.pipeline,
    number,
    execution: run.execution,
    slot: run.slot,
    engine: run.engine,
    artifact: {
      key: trial.model.key,
      sha256: trial.model.sha256,
      modelSha256: report.candidate.modelSha256,
      format: 'xgboost-ubj',
    },
    trainingSet: trainingSetOf(program.pipeline, parts.trainingSet),
    trial: { index: trial.index, fingerprint: trial.fingerprint, job: trial.job },
    featureViews: parts.trainingSet.manifest.views,
    hyperparameters: trial.hyperparameters,
    seed: program.seed,
    metrics: { validation: report.candidate.validation, test: report.candidate.test },
    baseRate: report.test.baseRate,
    threshold: report.candidate.threshold,
    confusion: report.candidate.confusion,
    evaluation: {
      key: report.key,
      report: parts.reportKey,
      championComparison: report.championComparison,
      champion: report.champion,
    },
    ablation: report.ablation,
    revision: run.revision,
    code: { digest: context.codeDigest, lockDigest: context.lockDigest, programDigest: parts.programDigest },
    image: context.image,
    prices,
    run: { receipt: receiptKey(program.pipeline, run.execution), boundUsd: parts.boundUsd },
    inputSchema: parts.trainingSet.manifest.features,
    distribution,
  };
}

function trainingSetOf(
  pipeline: string,
  { manifest, sha256 }: VersionParts['trainingSet'],
): ModelVersion['trainingSet'] {
  return {
    fingerprint: manifest.fingerprint,
    manifest: trainingSetManifestKey(pipeline, manifest.fingerprint),
    manifestSha256: sha256,
    filesSha256: manifest.files.sha256,
    splits: manifest.splits,
  };
}

/** Where a version of an evaluation is being registered: its number is this or, where another took it, a later one. */
export interface Registration {
  readonly version: 1;
  readonly number: number;
}

/** The numbers of the versions in a listing of the registry. */
export function registeredNumbers(keys: readonly string[], prefix: string): readonly number[] {
  const bodies = keys.filter((key) => key.endsWith('/body.json'));
  return bodies.map((key) => Number(must(key.slice(prefix.length).split('/')[0], 'a version in the key')));
}

export const nextNumber = (numbers: readonly number[]): number => Math.max(0, ...numbers) + 1;
