import type { EvaluationManifest, EvaluationReport } from '../../lib/contracts/model.ts';
import {
  evaluationManifestKey,
  evaluationPrefix,
  trainingSetManifestKey,
  trialManifestKey,
} from '../../lib/contracts/object-keys.ts';
import type { Decision, ModelVersion } from '../../lib/contracts/registry.ts';
import type { RegisterModelInput, RegisterModelOutput } from '../../lib/contracts/state-payload.ts';
import { readPriceBook } from '../../lib/cost/price-book.ts';
import { Fault } from '../../lib/errors/fault.ts';
import { distributionReader, trainingSetManifestReader } from '../../lib/runs/documents.ts';
import {
  evaluationManifestReader,
  evaluationReportReader,
  trialManifestReader,
} from '../../lib/runs/model-documents.ts';
import { registerModelReader } from '../../lib/runs/payloads.ts';
import { decide } from '../../lib/runs/promotion.ts';
import type { StageContext } from '../../lib/runs/stage-fingerprints.ts';
import { type VersionParts, versionBody } from '../../lib/runs/version-body.ts';
import { type EnvironmentOf, environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { createDocument, readDocument, readVerified, type Stored } from '../object-store.ts';
import type { RegistryPlace } from '../registry.ts';
import { loadStageContext, locationOf } from '../run-program.ts';
import { allocateVersion } from './allocate-version.ts';
import { recordOutcome } from './record-outcome.ts';

type Environment = EnvironmentOf<'register-model'>;

/**
 * Publishes the evaluation and registers its winner: the same version for the same evaluation, however often it is
 * called and wherever the call before it ended.
 */
async function registerModel(run: RegisterModelInput): Promise<RegisterModelOutput> {
  const environment = environmentOf('register-model');
  const context = await loadStageContext(environment, run.engine);
  const place = { bucket: environment.bucket, pipeline: context.program.pipeline };
  const report = await publishEvaluation(place, run);
  const parts = await readParts({ environment, context, run }, report);
  const body = await allocateVersion(place, run.evaluationKey, (number) => versionBody(number, parts));
  const decision: Decision = decide(context.program, report.value, run);
  return recordOutcome({ place, body, decision, by: run.execution, group: environment.modelPackageGroup });
}

/** The report becomes the evaluation's; one that was published before must be the same to the byte. */
async function publishEvaluation(
  { bucket, pipeline }: RegistryPlace,
  { evaluationKey, report }: RegisterModelInput,
): Promise<Stored<EvaluationReport>> {
  const stored = await readDocument(evaluationReportReader, report);
  if (stored.value.key !== evaluationKey || !report.key.startsWith(evaluationPrefix(pipeline, evaluationKey))) {
    throw new Fault(`${report.key} is the report of evaluation ${stored.value.key}, not of ${evaluationKey}`);
  }
  const location = { bucket, key: evaluationManifestKey(pipeline, evaluationKey) };
  const manifest: EvaluationManifest = {
    version: 1,
    key: evaluationKey,
    report: { key: report.key, sha256: stored.sha256 },
  };
  if ((await createDocument(location, manifest)) === 'created') return stored;
  const published = await readDocument(evaluationManifestReader, location);
  if (published.value.report.sha256 !== stored.sha256) {
    throw new Fault(`evaluation ${evaluationKey} was published with another report, ${published.value.report.key}`);
  }
  return stored;
}

interface Registering {
  readonly environment: Environment;
  readonly context: StageContext;
  readonly run: RegisterModelInput;
}

async function readParts(
  { environment, context, run }: Registering,
  { value: report }: Stored<EvaluationReport>,
): Promise<VersionParts> {
  const { bucket, runProgramDigest, boundUsd } = environment;
  const { pipeline } = context.program;
  const [trainingSet, trial, prices] = await Promise.all([
    readDocument(trainingSetManifestReader, { bucket, key: trainingSetManifestKey(pipeline, run.trainingSet) }),
    readDocument(trialManifestReader, { bucket, key: trialManifestKey(pipeline, report.candidate.fingerprint) }),
    readPrices(environment),
  ]);
  const { distribution } = trainingSet.value;
  return {
    context,
    run,
    programDigest: runProgramDigest,
    trainingSet: { manifest: trainingSet.value, sha256: trainingSet.sha256 },
    distribution: await readVerified(distributionReader, { bucket, key: distribution.key }, distribution.sha256),
    trial: trial.value,
    report,
    reportKey: run.report.key,
    prices,
    boundUsd,
  };
}

async function readPrices({ priceBook }: Environment): Promise<ModelVersion['prices']> {
  const { value, sha256 } = await readDocument(readPriceBook, locationOf(priceBook));
  return { region: value.region, compiledOn: value.compiledOn, digest: sha256 };
}

export const handler = lambdaHandler(registerModelReader, registerModel);
