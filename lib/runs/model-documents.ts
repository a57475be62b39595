import type {
  ConfusionMatrix,
  EvaluationManifest,
  EvaluationReport,
  GroupAblation,
  Metrics,
  TrialManifest,
} from '../contracts/model.ts';
import { CHAMPION_COMPARISONS } from '../contracts/model.ts';
import { count, list, nullable, number, oneOf, type Reader, record, shape, text } from '../contracts/reader.ts';
import type { Champion } from '../contracts/registry.ts';

const version = oneOf(1);
const keyAndDigest = shape<{ readonly key: string; readonly sha256: string }>({ key: text, sha256: text });

export const metricsReader: Reader<Metrics> = shape<Metrics>({
  pr_auc: number,
  roc_auc: number,
  log_loss: number,
  brier: number,
  f1_weighted: number,
});

export const confusionReader: Reader<ConfusionMatrix> = shape<ConfusionMatrix>({
  truePositives: count,
  falsePositives: count,
  falseNegatives: count,
  trueNegatives: count,
});

export const trialManifestReader: Reader<TrialManifest> = shape<TrialManifest>({
  version,
  fingerprint: text,
  index: count,
  job: text,
  hyperparameters: record(text),
  model: keyAndDigest,
  output: keyAndDigest,
});

export const championScoreReader = shape<{ readonly version: number; readonly test: Metrics }>({
  version: count,
  test: metricsReader,
});
export const groupAblationReader: Reader<GroupAblation> = shape<GroupAblation>({
  kind: oneOf('view', 'label', 'derived'),
  name: text,
  features: list(text),
  drop: metricsReader,
});
export const comparisonReader = oneOf(...CHAMPION_COMPARISONS);

export const evaluationReportReader: Reader<EvaluationReport> = shape<EvaluationReport>({
  version,
  key: text,
  test: shape<EvaluationReport['test']>({ rows: count, baseRate: number }),
  candidate: shape<EvaluationReport['candidate']>({
    index: count,
    fingerprint: text,
    validation: metricsReader,
    test: metricsReader,
    threshold: number,
    confusion: confusionReader,
    modelSha256: text,
  }),
  trials: list(
    shape<EvaluationReport['trials'][number]>({ index: count, fingerprint: text, validation: metricsReader }),
  ),
  championComparison: comparisonReader,
  champion: nullable(championScoreReader),
  ablation: list(groupAblationReader),
});

export const evaluationManifestReader: Reader<EvaluationManifest> = shape<EvaluationManifest>({
  version,
  key: text,
  report: keyAndDigest,
});

export const championReader: Reader<Champion> = shape<Champion>({
  version,
  number: count,
  approvedBy: text,
  previous: nullable(count),
});
