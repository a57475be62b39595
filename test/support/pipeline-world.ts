import type { TrainingSetManifest } from '../../lib/contracts/manifest.ts';
import type { EvaluationReport, Metrics, TrialManifest } from '../../lib/contracts/model.ts';
import {
  trainingSetManifestKey,
  trainingSetPrefix,
  trialManifestKey,
  trialPrefix,
} from '../../lib/contracts/object-keys.ts';
import { executionName } from '../../lib/contracts/run-input.ts';
import type { RunProgram } from '../../lib/contracts/run-program.ts';
import { type AdmitRunInput, type ExecutionContext, HANDLER_ENVIRONMENT } from '../../lib/contracts/state-payload.ts';
import { shippedPriceBook } from './cost-template.ts';
import { FakeCloud } from './fake-cloud.ts';

export const BUCKET = 'flight-delays-data-000000000000-us-east-1';
/** What the deployment's machine and its functions were rendered with. */
export const DEFINITION_DIGEST = 'e'.repeat(64);
export const STATE_BOUNDS = {
  'Ingest and check': '1.5',
  'Build training set': '1.5',
  'Audit training set': '0.3',
  'Train trial': '1.7',
  Evaluate: '0.25',
};
const ASSETS = 'assets';
const MICROSECONDS_PER_DAY = 86_400_000_000;

export const RUN_PROGRAM: RunProgram = {
  version: 2,
  pipeline: 'flight-delays',
  sources: [
    {
      name: 'flights',
      kind: 'events',
      ingestDigest: 'a'.repeat(64),
      lookbackMicroseconds: MICROSECONDS_PER_DAY,
    },
  ],
  trainingSetDigest: 'b'.repeat(64),
  historyMicroseconds: 2 * MICROSECONDS_PER_DAY,
  trials: [
    { index: 0, hyperparameters: { max_depth: '4' } },
    { index: 1, hyperparameters: { max_depth: '8' } },
  ],
  triesPerJob: 2,
  seed: 7,
  selectBy: 'pr_auc',
  gates: [
    { kind: 'exceeds-base-rate', metric: 'pr_auc', by: 0.1 },
    { kind: 'no-worse-than-champion', metric: 'pr_auc' },
  ],
  monthBudgetUsd: '20',
  runBudgetUsd: '6',
};

/** A deployment of the example: assets in place, environment set. */
export function deploy(program: RunProgram = RUN_PROGRAM, boundUsd = '5.5'): FakeCloud {
  const cloud = new FakeCloud();
  const digest = cloud.s3.write(`${ASSETS}/run.json`, program);
  cloud.s3.write(`${ASSETS}/prices.json`, shippedPriceBook());
  const environment: Record<keyof typeof HANDLER_ENVIRONMENT, string> = {
    bucket: BUCKET,
    runProgram: `s3://${ASSETS}/run.json`,
    runProgramDigest: digest,
    priceBook: `s3://${ASSETS}/prices.json`,
    region: 'us-east-1',
    codeDigest: 'c'.repeat(64),
    lockDigest: 'd'.repeat(64),
    image: 'image:3.0-5',
    boundUsd,
    definitionDigest: DEFINITION_DIGEST,
    stateBounds: JSON.stringify(STATE_BOUNDS),
    catalogDatabase: 'flight_delays',
    modelPackageGroup: 'flight-delays',
    stateMachine: 'arn:aws:states:us-east-1:000000000000:stateMachine:flight-delays',
    ingestJob: 'flight-delays-ingest',
    trainingSetJob: 'flight-delays-training-set',
    auditJob: 'flight-delays-audit',
    revision: '{"commit":null,"clean":false}',
  };
  for (const [name, variable] of Object.entries(HANDLER_ENVIRONMENT)) {
    process.env[variable] = environment[name as keyof typeof HANDLER_ENVIRONMENT];
  }
  return cloud;
}

/** Another definition of the pipeline in the same cloud. */
export function redeploy(cloud: FakeCloud, program: RunProgram): void {
  process.env[HANDLER_ENVIRONMENT.runProgramDigest] = cloud.s3.write(`${ASSETS}/run.json`, program);
}

export function runOf(slot: string, attempt = 0): ExecutionContext {
  const execution = executionName(slot, attempt);
  return {
    slot,
    attempt,
    engine: 'duckdb',
    revision: { commit: null, clean: false },
    execution,
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:flight-delays:${execution}`,
    startTime: '2026-11-20T10:00:00.123Z',
  };
}

export const metrics = (prAuc: number): Metrics => ({
  pr_auc: prAuc,
  roc_auc: 0.7,
  log_loss: 0.5,
  brier: 0.2,
  f1_weighted: 0.6,
});

/** What the state machine tells Admit run. */
export const admissionOf = (slot: string, attempt = 0): AdmitRunInput => ({
  ...runOf(slot, attempt),
  definitionDigest: DEFINITION_DIGEST,
});

/** A published training set whose splits follow each other from a day on, a week each. */
export function publishTrainingSet(cloud: FakeCloud, fingerprint: string, from: string): TrainingSetManifest {
  const { pipeline } = RUN_PROGRAM;
  const day = (offset: number): string =>
    `${new Date(Date.parse(from) + offset * 86_400_000).toISOString().slice(0, 19)}.000000Z`;
  const split = (start: number) => ({
    rows: 10,
    positives: 2,
    from: day(start),
    to: day(start + 6),
    knownUntil: day(start + 7),
    purged: 0,
  });
  const prefix = trainingSetPrefix(pipeline, fingerprint);
  const sha256 = cloud.s3.write(`${BUCKET}/${prefix}try/distribution.json`, [
    { name: 'distance', edges: [1], shares: [0.5, 0.5], nullShare: 0 },
  ]);
  const manifest: TrainingSetManifest = {
    version: 1,
    pipeline,
    slot: '2001-07-01T08:00:00Z',
    fingerprint,
    attempt: 'try',
    prefix: `${prefix}try/`,
    splits: { train: split(0), validation: split(7), test: split(14) },
    label: 'is_late',
    features: [{ name: 'distance', type: 'integer', default: null }],
    views: [{ name: 'route_delays', version: 'v1' }],
    files: { key: `${prefix}try/files.json`, sha256: 'f'.repeat(64), count: 3, bytes: 100 },
    distribution: { key: `${prefix}try/distribution.json`, sha256 },
    sources: [{ name: 'flights', bytesRead: 100, bytesPresent: 200 }],
    bytesRead: 100,
    bytesPresent: 200,
  };
  cloud.s3.write(`${BUCKET}/${trainingSetManifestKey(pipeline, fingerprint)}`, manifest);
  return manifest;
}

export function publishTrialManifest(cloud: FakeCloud, fingerprint: string, index: number): TrialManifest {
  const prefix = trialPrefix(RUN_PROGRAM.pipeline, fingerprint);
  const manifest: TrialManifest = {
    version: 1,
    fingerprint,
    index,
    job: `job-${index}`,
    hyperparameters: { max_depth: '4' },
    model: { key: `${prefix}job-${index}/output/model.tar.gz`, sha256: `${index}`.repeat(64) },
    output: { key: `${prefix}job-${index}/output/output.tar.gz`, sha256: `${index}`.repeat(64) },
  };
  cloud.s3.write(`${BUCKET}/${trialManifestKey(RUN_PROGRAM.pipeline, fingerprint)}`, manifest);
  return manifest;
}

/** What the processing job reports of a contest. */
export function reportOf(
  key: string,
  trial: { readonly index: number; readonly fingerprint: string },
  outcome: Pick<EvaluationReport, 'championComparison' | 'champion'> & { readonly prAuc: number },
): EvaluationReport {
  const { prAuc, championComparison, champion } = outcome;
  return {
    version: 1,
    key,
    test: { rows: 10, baseRate: 0.2 },
    candidate: {
      ...trial,
      validation: metrics(prAuc),
      test: metrics(prAuc),
      threshold: 0.4,
      confusion: { truePositives: 1, falsePositives: 2, falseNegatives: 3, trueNegatives: 4 },
      modelSha256: '9'.repeat(64),
    },
    trials: [{ ...trial, validation: metrics(prAuc) }],
    championComparison,
    champion,
    ablation: [{ kind: 'view', name: 'route_delays', features: ['distance'], drop: metrics(0.1) }],
  };
}
