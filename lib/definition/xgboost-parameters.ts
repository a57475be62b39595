/** Allowed values of a booster parameter: a number with its range, or one of some words. */
export type ParameterRule =
  | { readonly type: 'integer' | 'real'; readonly min: number; readonly max: number; readonly openMin?: true }
  | { readonly type: 'word'; readonly values: readonly string[] };

const RATE = { type: 'real', min: 0, max: 1, openMin: true } as const;
/** XGBoost holds its parameters as float32. */
const MOST = 3.4e38;
const PENALTY = { type: 'real', min: 0, max: MOST } as const;
const COUNT = { type: 'integer', min: 0, max: 2_147_483_647 } as const;

/**
 * Booster parameters that a definition may fix or search: those that a training reads, within its ranges. Its quantile
 * matrix knows `hist` alone.
 * Source: https://xgboost.readthedocs.io/en/release_3.0.0/parameter.html (2026-11-20)
 */
export const XGBOOST_PARAMETERS = {
  eta: RATE,
  gamma: PENALTY,
  max_depth: { ...COUNT, max: 64 },
  min_child_weight: PENALTY,
  max_delta_step: PENALTY,
  subsample: RATE,
  colsample_bytree: RATE,
  colsample_bylevel: RATE,
  colsample_bynode: RATE,
  lambda: PENALTY,
  alpha: PENALTY,
  scale_pos_weight: { ...PENALTY, openMin: true },
  max_leaves: COUNT,
  max_bin: { ...COUNT, min: 2, max: 65_536 },
  grow_policy: { type: 'word', values: ['depthwise', 'lossguide'] },
  tree_method: { type: 'word', values: ['hist'] },
} as const satisfies Readonly<Record<string, ParameterRule>>;

export type XgboostParameter = keyof typeof XGBOOST_PARAMETERS;

type RuleOf<P extends XgboostParameter> = (typeof XGBOOST_PARAMETERS)[P];
/** What a parameter's value may be. */
export type ParameterValue<P extends XgboostParameter> =
  RuleOf<P> extends { readonly values: readonly (infer Word)[] } ? Word : number;
