import {
  contendersKey,
  evaluationInputsKey,
  evaluationManifestKey,
  evaluationPrefix,
  objectUri,
  trainingSetManifestKey,
  trialManifestKey,
} from '../../lib/contracts/object-keys.ts';
import type {
  FreezeEvaluationInput,
  FreezeEvaluationOutput,
  ObjectLocation,
} from '../../lib/contracts/state-payload.ts';
import { trainingSetManifestReader } from '../../lib/runs/documents.ts';
import { type Contest, freezeEvaluation, requireTrials } from '../../lib/runs/evaluation.ts';
import { evaluationManifestReader, trialManifestReader } from '../../lib/runs/model-documents.ts';
import { freezeEvaluationReader } from '../../lib/runs/payloads.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { findDocument, putDocument, readDocument } from '../object-store.ts';
import { inParallel } from '../parallel.ts';
import { findChampion, type RegistryPlace, readVersion } from '../registry.ts';
import { loadStageContext } from '../run-program.ts';

const PARALLEL_CALLS = 8;

/** Decides, at the moment it is reached, which models are compared, and finds whether that was done before. */
async function freeze(run: FreezeEvaluationInput): Promise<FreezeEvaluationOutput> {
  requireTrials(run.trials);
  const environment = environmentOf('freeze-evaluation');
  const { bucket } = environment;
  const context = await loadStageContext(environment, run.engine);
  const { pipeline } = context.program;
  const { key, inputs, contenders } = freezeEvaluation(context, bucket, await readContest({ bucket, pipeline }, run));
  const report = await findReport(bucket, evaluationManifestKey(pipeline, key));
  const inputsKey = evaluationInputsKey(pipeline, key);
  const listKey = contendersKey(pipeline, key);
  if (report === null) {
    await putDocument({ bucket, key: inputsKey }, inputs);
    await putDocument({ bucket, key: listKey }, contenders);
  }
  return {
    key,
    published: report !== null,
    report,
    inputs: objectUri(bucket, inputsKey),
    contenders: objectUri(bucket, listKey),
    prefix: evaluationPrefix(pipeline, key),
  };
}

async function readContest(place: RegistryPlace, run: FreezeEvaluationInput): Promise<Contest> {
  const { bucket, pipeline } = place;
  const pointer = await findChampion(place);
  const champion = pointer && (await readVersion(place, pointer.value.number));
  const former = champion?.evaluation.champion?.version;
  const trainingSet = await readDocument(trainingSetManifestReader, {
    bucket,
    key: trainingSetManifestKey(pipeline, run.trainingSet),
  });
  const trials = await inParallel(run.trials, PARALLEL_CALLS, async ({ fingerprint }) => {
    const key = trialManifestKey(pipeline, fingerprint);
    return (await readDocument(trialManifestReader, { bucket, key })).value;
  });
  return {
    trainingSet: trainingSet.value,
    trials: trials.toSorted((a, b) => a.index - b.index),
    champion,
    formerChampion: former === undefined ? undefined : await readVersion(place, former),
  };
}

async function findReport(bucket: string, key: string): Promise<ObjectLocation | null> {
  const manifest = await findDocument(evaluationManifestReader, { bucket, key });
  return manifest === undefined ? null : { bucket, key: manifest.value.report.key };
}

export const handler = lambdaHandler(freezeEvaluationReader, freeze);
