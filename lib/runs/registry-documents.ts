import {
  count,
  flag,
  list,
  nullable,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  shape,
  tagged,
  text,
} from '../contracts/reader.ts';
import type { Decision, ModelEvent, ModelVersion } from '../contracts/registry.ts';
import { ENGINES, type SourceRevision } from '../contracts/run-input.ts';
import { columnSchema, distributionReader, namedVersion, splitsReader } from './documents.ts';
import {
  championScoreReader,
  comparisonReader,
  confusionReader,
  groupAblationReader,
  metricsReader,
} from './model-documents.ts';

const version = oneOf(1);

export const revisionReader: Reader<SourceRevision> = shape<SourceRevision>({ commit: nullable(text), clean: flag });

export const modelVersionReader: Reader<ModelVersion> = shape<ModelVersion>({
  version,
  pipeline: text,
  number: count,
  execution: text,
  slot: text,
  engine: oneOf(...ENGINES),
  artifact: shape<ModelVersion['artifact']>({
    key: text,
    sha256: text,
    modelSha256: text,
    format: oneOf('xgboost-ubj'),
  }),
  trainingSet: shape<ModelVersion['trainingSet']>({
    fingerprint: text,
    manifest: text,
    manifestSha256: text,
    filesSha256: text,
    splits: splitsReader,
  }),
  trial: shape<ModelVersion['trial']>({ index: count, fingerprint: text, job: text }),
  featureViews: list(namedVersion),
  hyperparameters: record(text),
  seed: count,
  metrics: shape<ModelVersion['metrics']>({ validation: metricsReader, test: metricsReader }),
  baseRate: number,
  threshold: number,
  confusion: confusionReader,
  evaluation: shape<ModelVersion['evaluation']>({
    key: text,
    report: text,
    championComparison: comparisonReader,
    champion: nullable(championScoreReader),
  }),
  ablation: optional(list(groupAblationReader)),
  revision: revisionReader,
  code: shape<ModelVersion['code']>({ digest: text, lockDigest: text, programDigest: text }),
  image: text,
  prices: shape<ModelVersion['prices']>({ region: text, compiledOn: text, digest: text }),
  run: shape<ModelVersion['run']>({ receipt: text, boundUsd: text }),
  inputSchema: list(columnSchema),
  distribution: distributionReader,
});

const decision: Reader<Decision> = tagged<Decision>('status', {
  approved: shape<Decision & { status: 'approved' }>({ status: oneOf('approved') }),
  candidate: shape<Decision & { status: 'candidate' }>({ status: oneOf('candidate'), reasons: list(text) }),
});

const entry = { version, number: count, sequence: count, at: text, by: text, why: text } as const;
type EventOf<Kind extends ModelEvent['kind']> = Extract<ModelEvent, { readonly kind: Kind }>;

export const modelEventReader: Reader<ModelEvent> = tagged<ModelEvent>('kind', {
  registered: shape<EventOf<'registered'>>({ ...entry, kind: oneOf('registered'), decision }),
  approved: shape<EventOf<'approved'>>({ ...entry, kind: oneOf('approved'), previousChampion: nullable(count) }),
  'promotion-lost': shape<EventOf<'promotion-lost'>>({ ...entry, kind: oneOf('promotion-lost'), champion: count }),
  packaged: shape<EventOf<'packaged'>>({ ...entry, kind: oneOf('packaged'), modelPackageArn: text }),
  deployed: shape<Extract<ModelEvent, { kind: 'deployed' | 'rolled-back' }>>({ ...entry, kind: oneOf('deployed') }),
  'rolled-back': shape<Extract<ModelEvent, { kind: 'deployed' | 'rolled-back' }>>({
    ...entry,
    kind: oneOf('rolled-back'),
  }),
});
