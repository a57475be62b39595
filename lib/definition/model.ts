import type { Metrics } from '../contracts/model.ts';
import type { Duration } from '../units/duration.ts';
import type { ChoiceDomain, Domain, IntegerDomain, RealDomain } from './search-space.ts';
import type { ParameterValue, XgboostParameter } from './xgboost-parameters.ts';

/** A number of boosting rounds. */
export interface Rounds {
  readonly kind: 'rounds';
  readonly count: number;
}

export const rounds = (count: number): Rounds => ({ kind: 'rounds', count });

/** Managed spot training: cheaper, may wait and be interrupted, goes on from the last finished segment. */
export interface Spot {
  /** Waiting and running together, at least `maxRuntime`. */
  readonly maxWait: Duration;
  /** Rounds between two checkpoints. */
  readonly segment: Rounds;
}

export const spot = (options: Spot): Spot => options;

type NumericDomain = ChoiceDomain<number> | RealDomain | IntegerDomain;
type DomainOf<P extends XgboostParameter> =
  ParameterValue<P> extends number ? NumericDomain : ChoiceDomain<Extract<ParameterValue<P>, string>>;

export interface XgboostOptions {
  readonly objective: 'binary:logistic';
  /** Boosting rounds of every trial. */
  readonly rounds: number;
  /** How many sets of hyperparameters are tried, 1 to 100. */
  readonly trials: number;
  /** Where the trials' hyperparameters are drawn from. */
  readonly search?: { readonly [P in XgboostParameter]?: DomainOf<P> };
  /** Hyperparameters that all trials share. */
  readonly parameters?: { readonly [P in XgboostParameter]?: ParameterValue<P> };
  /** Of the draws and of every trial; 1 where none is given. */
  readonly seed?: number;
  /** Validation metric by which the best trial is picked; `pr_auc` where none is given. */
  readonly selectBy?: keyof Metrics;
  /** SageMaker instance type of a training job, for example `ml.m5.xlarge`. */
  readonly instance: string;
  /** A training job that runs longer is stopped. */
  readonly maxRuntime: Duration;
  /** None: on demand. */
  readonly spot?: Spot;
  /** Training jobs at once; all trials where none is given. What a run may cost does not depend on it. */
  readonly concurrency?: number;
  /** Storage of a training job's instance in GB; 30 where none is given. */
  readonly volumeGb?: number;
}

/** How models are trained. */
export interface Training {
  readonly kind: 'xgboost';
  readonly objective: string;
  readonly rounds: number;
  readonly trials: number;
  readonly search: Readonly<Record<string, Domain>>;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly seed: number;
  readonly selectBy: keyof Metrics;
  readonly instance: string;
  readonly maxRuntime: Duration;
  readonly spot: Spot | undefined;
  readonly concurrency: number;
  readonly volumeGb: number;
}

/** Gradient-boosted trees. */
export const xgboost = (options: XgboostOptions): Training => ({
  search: {},
  parameters: {},
  seed: 1,
  selectBy: 'pr_auc',
  spot: undefined,
  concurrency: options.trials,
  volumeGb: 30,
  ...options,
  kind: 'xgboost',
});
