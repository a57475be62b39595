/**
 * The layout of the data bucket: every key that two processes must agree on, in one place.
 * Prefixes end in `/`; nothing here has a leading `/`. Units are landing units: a folder under raw, named by its ISO day.
 */
export const rawPrefix = (source: string): string => `raw/${source}/`;

/**
 * An ingest attempt's reports on all of its units; a batch is the set of landing units, of any source, that one job
 * ingests.
 */
export const ingestAttemptPrefix = (pipeline: string, batch: string, attempt: string): string =>
  `${ingestBatchPrefix(pipeline, batch)}${attempt}/`;
export const ingestBatchPrefix = (pipeline: string, batch: string): string => `ingest/${pipeline}/${batch}/`;
/** The rows of an ingest attempt, by source. */
export const curatedAttemptPrefix = (source: string, batch: string, attempt: string): string =>
  `curated/${source}/data/${batch}/${attempt}/`;
export const quarantineAttemptPrefix = (source: string, batch: string, attempt: string): string =>
  `quarantine/${source}/${batch}/${attempt}/`;
/** The manifest that publishes one landing unit, written once by a conditional PUT. */
export const unitManifestKey = (source: string, unit: string, fingerprint: string): string =>
  `${unitManifestsPrefix(source)}${unit}/${fingerprint}.json`;
export const unitManifestsPrefix = (source: string): string => `curated/${source}/manifests/`;

/** The program of a version of a view, whichever pipelines use it: created once, by the first set that does. */
export const featureViewKey = (view: string, version: string): string => `feature-views/${view}/${version}.json`;

/** Label days of training sets as they were computed, for the sets of other slots: `<key>/{part.parquet,record.json}`. */
export const featureRowsPrefix = (pipeline: string): string => `feature-rows/${pipeline}/`;

export const trainingSetPrefix = (pipeline: string, fingerprint: string): string =>
  `training-sets/${pipeline}/${fingerprint}/`;
export const trainingSetManifestKey = (pipeline: string, fingerprint: string): string =>
  `${trainingSetPrefix(pipeline, fingerprint)}manifest.json`;
/** Where the audit of a set with this key is published: `<audit prefix>report.json`. */
export const auditPrefix = (pipeline: string, trainingSet: string, key: string): string =>
  `${trainingSetPrefix(pipeline, trainingSet)}audits/${key}/`;
export const auditReportKey = (pipeline: string, trainingSet: string, key: string): string =>
  `${auditPrefix(pipeline, trainingSet, key)}report.json`;

/** SageMaker writes `<trial prefix><job name>/output/{model,output}.tar.gz`. */
export const trialPrefix = (pipeline: string, fingerprint: string): string =>
  `models/${pipeline}/trials/${fingerprint}/`;
export const trialManifestKey = (pipeline: string, fingerprint: string): string =>
  `${trialPrefix(pipeline, fingerprint)}manifest.json`;
export const checkpointPrefix = (pipeline: string, fingerprint: string): string =>
  `models/${pipeline}/checkpoints/${fingerprint}/`;

export const evaluationPrefix = (pipeline: string, key: string): string => `models/${pipeline}/evaluations/${key}/`;
export const evaluationManifestKey = (pipeline: string, key: string): string =>
  `${evaluationPrefix(pipeline, key)}manifest.json`;

/** What the processing job reads, and SageMaker's manifest file of the archives that it downloads. */
export const evaluationInputsKey = (pipeline: string, key: string): string =>
  `${evaluationPrefix(pipeline, key)}inputs.json`;
export const contendersKey = (pipeline: string, key: string): string =>
  `${evaluationPrefix(pipeline, key)}contenders.json`;
/** Which version number an evaluation is registered under: written before the version's body. */
export const registrationKey = (pipeline: string, key: string): string =>
  `${evaluationPrefix(pipeline, key)}registration.json`;

export const versionsPrefix = (pipeline: string): string => `registry/${pipeline}/versions/`;
export const versionPrefix = (pipeline: string, version: number): string =>
  `${versionsPrefix(pipeline)}${padNumber(version)}/`;
export const versionBodyKey = (pipeline: string, version: number): string =>
  `${versionPrefix(pipeline, version)}body.json`;
export const versionEventKey = (pipeline: string, version: number, sequence: number): string =>
  `${versionPrefix(pipeline, version)}events/${padNumber(sequence)}.json`;
export const championKey = (pipeline: string): string => `registry/${pipeline}/champion.json`;

/** What a slot's runs are frozen to; an execution's own working files lie beside it. */
export const slotInputsKey = (pipeline: string, slot: string): string =>
  `runs/${pipeline}/slots/${slot.replaceAll(':', '-')}/inputs.json`;
export const executionPrefix = (pipeline: string, execution: string): string =>
  `runs/${pipeline}/executions/${execution}/`;
/** Working files are named by what they hold: a late try of a handler cannot change what another one wrote. */
export const ingestInputsKey = (pipeline: string, execution: string, batch: string): string =>
  `${executionPrefix(pipeline, execution)}ingest-inputs-${batch}.json`;
export const trainingSetInputsKey = (pipeline: string, execution: string, fingerprint: string): string =>
  `${executionPrefix(pipeline, execution)}training-set-inputs-${fingerprint}.json`;
export const receiptKey = (pipeline: string, execution: string): string =>
  `${executionPrefix(pipeline, execution)}receipt.json`;
/** Everything that a pipeline's ledgers are below. */
export const ledgerPrefix = (pipeline: string): string => `ledger/${pipeline}/`;
/** `month` is a UTC month, `2026-11`. */
export const ledgerKey = (pipeline: string, month: string): string => `${ledgerPrefix(pipeline)}${month}.json`;

export const objectUri = (bucket: string, key: string): string => `s3://${bucket}/${key}`;

/** Bucket and key of an `s3://` URI, or undefined where it is not one. */
export function parseObjectUri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { bucket: match[1], key: match[2] };
}

function padNumber(number: number): string {
  return String(number).padStart(6, '0');
}
