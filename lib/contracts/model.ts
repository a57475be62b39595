/** Offline metrics of a binary classifier on one split; thresholded ones at the model's chosen threshold. */
export interface Metrics {
  readonly pr_auc: number;
  readonly roc_auc: number;
  readonly log_loss: number;
  readonly brier: number;
  readonly f1_weighted: number;
}

export const METRICS = [
  'pr_auc',
  'roc_auc',
  'log_loss',
  'brier',
  'f1_weighted',
] as const satisfies readonly (keyof Metrics)[];

export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** `metrics.json` inside a training job's output.tar.gz: what the trial itself measured, on validation. */
export interface TrialMetrics {
  readonly version: 1;
  readonly rounds: number;
  readonly seed: number;
  readonly validation: Metrics;
  /** Chosen on validation: the greatest F1 of the positive class. A row is positive at `score >= threshold`. */
  readonly threshold: number;
  /** SHA-256 of the file `xgboost-model` inside model.tar.gz. */
  readonly modelSha256: string;
  readonly libraries: Readonly<Record<string, string>>;
}

/** Publishes a trial: which job's model is the trial's model. */
export interface TrialManifest {
  readonly version: 1;
  readonly fingerprint: string;
  readonly index: number;
  readonly job: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Keys and SHA-256 of SageMaker's archives. */
  readonly model: { readonly key: string; readonly sha256: string };
  readonly output: { readonly key: string; readonly sha256: string };
}

/** Why the champion takes part in an evaluation or does not. */
export const CHAMPION_COMPARISONS = ['compared', 'no-champion', 'trained-on-this-future', 'missing-columns'] as const;
export type ChampionComparison = (typeof CHAMPION_COMPARISONS)[number];

/** A model to be scored: where its archive lies below the processing job's `contenders` input. */
export interface Contender {
  /** Path of model.tar.gz relative to the contenders folder. */
  readonly path: string;
  readonly sha256: string;
}

/** Features that stand or fall together: those of a view, of the label's own row, or derived ones. */
export interface FeatureGroup {
  readonly kind: 'view' | 'label' | 'derived';
  /** The view's name; else the kind's. */
  readonly name: string;
  readonly features: readonly string[];
}

/** What a group of features carries: how much worse each metric is on the test split once the group's rows are shuffled. */
export interface GroupAblation extends FeatureGroup {
  /** In the metric's own direction: positive where the shuffled model is worse, losses included. */
  readonly drop: Metrics;
}

/** `inputs.json` of an evaluation: input of the processing job. */
export interface EvaluationInputs {
  readonly version: 1;
  readonly key: string;
  readonly trials: readonly (Contender & {
    readonly index: number;
    readonly fingerprint: string;
    /** Path of output.tar.gz, which holds metrics.json. */
    readonly output: string;
    readonly outputSha256: string;
  })[];
  readonly championComparison: ChampionComparison;
  /** Present exactly when `championComparison` is `compared`. */
  readonly champion:
    | (Contender & { readonly version: number; readonly threshold: number; readonly features: readonly string[] })
    | null;
  readonly selectBy: keyof Metrics;
  /** Of the training set's features, each in one group. */
  readonly featureGroups: readonly FeatureGroup[];
}

/** `report.json` of an evaluation: the best trial by validation, and the champion, on the same test split. */
export interface EvaluationReport {
  readonly version: 1;
  readonly key: string;
  readonly test: { readonly rows: number; readonly baseRate: number };
  readonly candidate: {
    readonly index: number;
    readonly fingerprint: string;
    readonly validation: Metrics;
    readonly test: Metrics;
    readonly threshold: number;
    readonly confusion: ConfusionMatrix;
    readonly modelSha256: string;
  };
  readonly trials: readonly { readonly index: number; readonly fingerprint: string; readonly validation: Metrics }[];
  readonly championComparison: ChampionComparison;
  readonly champion: { readonly version: number; readonly test: Metrics } | null;
  /** Of the candidate, in the order of the training set's groups. */
  readonly ablation: readonly GroupAblation[];
}

/** Publishes an evaluation: which attempt's report counts. */
export interface EvaluationManifest {
  readonly version: 1;
  readonly key: string;
  readonly report: { readonly key: string; readonly sha256: string };
}
