import type { ColumnSchema } from './column-schema.ts';
import type { FeatureDistribution, Split, SplitSummary } from './manifest.ts';
import type { ChampionComparison, ConfusionMatrix, GroupAblation, Metrics } from './model.ts';
import type { Engine, SourceRevision } from './run-input.ts';

/** Why a version was not promoted, or that it was. */
export type Decision =
  | { readonly status: 'approved' }
  | { readonly status: 'candidate'; readonly reasons: readonly string[] };

/** The immutable body of a registered model version: created by a conditional write, never changed. */
export interface ModelVersion {
  readonly version: 1;
  readonly pipeline: string;
  readonly number: number;
  readonly execution: string;
  readonly slot: string;
  readonly engine: Engine;
  readonly artifact: {
    /** model.tar.gz as SageMaker wrote it, and the XGBoost UBJ file inside. */
    readonly key: string;
    readonly sha256: string;
    readonly modelSha256: string;
    readonly format: 'xgboost-ubj';
  };
  readonly trainingSet: {
    readonly fingerprint: string;
    readonly manifest: string;
    readonly manifestSha256: string;
    readonly filesSha256: string;
    readonly splits: Readonly<Record<Split, SplitSummary>>;
  };
  readonly trial: { readonly index: number; readonly fingerprint: string; readonly job: string };
  readonly featureViews: readonly { readonly name: string; readonly version: string }[];
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly metrics: { readonly validation: Metrics; readonly test: Metrics };
  readonly baseRate: number;
  readonly threshold: number;
  readonly confusion: ConfusionMatrix;
  readonly evaluation: {
    readonly key: string;
    readonly report: string;
    readonly championComparison: ChampionComparison;
    readonly champion: { readonly version: number; readonly test: Metrics } | null;
  };
  /** What each group of features carries of the test metrics; absent in versions that were registered before it was measured. */
  readonly ablation?: readonly GroupAblation[];
  readonly revision: SourceRevision;
  readonly code: { readonly digest: string; readonly lockDigest: string; readonly programDigest: string };
  readonly image: string;
  /** The rows of the price book that the bound was computed with. */
  readonly prices: { readonly region: string; readonly compiledOn: string; readonly digest: string };
  /** Keys of the run's own records: bound and receipt are read through them. */
  readonly run: { readonly receipt: string; readonly boundUsd: string };
  readonly inputSchema: readonly ColumnSchema[];
  readonly distribution: readonly FeatureDistribution[];
}

/** What happened to a version later: the log beside the body, append-only, numbered from 1. */
export type ModelEvent = {
  readonly version: 1;
  readonly number: number;
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Who: an execution's name, or a person. */
  readonly by: string;
  readonly why: string;
} & (
  | { readonly kind: 'registered'; readonly decision: Decision }
  | { readonly kind: 'approved'; readonly previousChampion: number | null }
  | { readonly kind: 'promotion-lost'; readonly champion: number }
  | { readonly kind: 'packaged'; readonly modelPackageArn: string }
  | { readonly kind: 'deployed' | 'rolled-back' }
);

/** `registry/<pipeline>/champion.json`: the approved version, changed only by If-Match. */
export interface Champion {
  readonly version: 1;
  readonly number: number;
  readonly approvedBy: string;
  readonly previous: number | null;
}
