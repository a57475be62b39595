import type { TrialManifest } from '../../lib/contracts/model.ts';
import { trialManifestKey, trialPrefix } from '../../lib/contracts/object-keys.ts';
import type { PublishTrialInput, PublishTrialOutput } from '../../lib/contracts/state-payload.ts';
import { publishTrialReader } from '../../lib/runs/payloads.ts';
import { requireCompleted, trialManifest, trialOutputs } from '../../lib/runs/trial-publication.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { createDocument, digestObject } from '../object-store.ts';
import { loadRunProgram } from '../run-program.ts';

/** Makes a completed training job's model the trial's model; where one was published before, that one stays. */
async function publishTrial(input: PublishTrialInput): Promise<PublishTrialOutput> {
  requireCompleted(input);
  const environment = environmentOf('publish-trial');
  const { bucket } = environment;
  const { pipeline } = await loadRunProgram(environment);
  const { index, fingerprint } = input.trial;
  const outputs = trialOutputs(trialPrefix(pipeline, fingerprint), input.job);
  const manifest: TrialManifest = trialManifest(input, {
    model: { key: outputs.model, sha256: await digestObject({ bucket, key: outputs.model }) },
    output: { key: outputs.output, sha256: await digestObject({ bucket, key: outputs.output }) },
  });
  await createDocument({ bucket, key: trialManifestKey(pipeline, fingerprint) }, manifest);
  return { index, fingerprint };
}

export const handler = lambdaHandler(publishTrialReader, publishTrial);
