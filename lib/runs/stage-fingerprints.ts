import { AUDITED_ROWS } from '../contracts/audit.ts';
import type { ObjectVersion } from '../contracts/manifest.ts';
import type { ChampionComparison } from '../contracts/model.ts';
import type { Engine } from '../contracts/run-input.ts';
import type { RunProgram, RunSource } from '../contracts/run-program.ts';
import { fingerprint } from '../plan/fingerprint.ts';

/** What every stage's work depends on beside its own inputs. */
export interface StageContext {
  readonly program: RunProgram;
  readonly engine: Engine;
  readonly codeDigest: string;
  readonly lockDigest: string;
  /** Of training and evaluation. */
  readonly image: string;
}

/** Of ingesting exactly these objects of a source; their order is of no account. */
export function unitFingerprint(
  context: StageContext,
  source: Pick<RunSource, 'name' | 'ingestDigest'>,
  objects: readonly ObjectVersion[],
): string {
  const identities = objects.map(({ key, size, etag }) => ({ key, size, etag }));
  return fingerprint({
    stage: 'ingest',
    source: source.name,
    program: source.ingestDigest,
    engine: context.engine,
    code: codeOf(context),
    objects: identities.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  });
}

/** Of the set of landing units that one ingest job ingests. */
export const batchFingerprint = (units: readonly string[]): string =>
  fingerprint({ stage: 'batch', units: units.toSorted() });

/** Of the training set of a slot over these units. */
export function trainingSetFingerprint(context: StageContext, slot: string, units: readonly string[]): string {
  return fingerprint({
    stage: 'training-set',
    program: context.program.trainingSetDigest,
    engine: context.engine,
    code: codeOf(context),
    slot,
    units: units.toSorted(),
  });
}

/** Of what computes the rows of training sets, whatever the program and the slot. */
export const rowsCodeFingerprint = (context: StageContext): string =>
  fingerprint({ stage: 'feature-rows', engine: context.engine, code: codeOf(context) });

/** Of auditing so many rows of a training set by this program and code. */
export function auditKey(context: StageContext, trainingSet: string): string {
  return fingerprint({
    stage: 'audit',
    trainingSet,
    program: context.program.trainingSetDigest,
    engine: context.engine,
    code: codeOf(context),
    rows: AUDITED_ROWS,
  });
}

type Hyperparameters = RunProgram['trials'][number]['hyperparameters'];

/** Of one set of hyperparameters on a training set. */
export function trialFingerprint(context: StageContext, trainingSet: string, hyperparameters: Hyperparameters): string {
  return fingerprint({
    stage: 'trial',
    trainingSet,
    code: codeOf(context),
    image: context.image,
    seed: context.program.seed,
    hyperparameters,
  });
}

/** The champion as far as an evaluation depends on it: its archive where it is compared, else why it is not. */
export interface ComparedChampion {
  readonly comparison: ChampionComparison;
  readonly sha256: string | null;
  readonly version: number | null;
}

/** Of comparing these trials with the champion and deciding by the gates. */
export function evaluationKey(
  context: StageContext,
  contenders: {
    readonly trainingSet: string;
    readonly trials: readonly string[];
    readonly champion: ComparedChampion;
  },
): string {
  const { trainingSet, trials, champion } = contenders;
  return fingerprint({
    stage: 'evaluation',
    trainingSet,
    trials: trials.toSorted(),
    champion: { ...champion },
    code: codeOf(context),
    image: context.image,
    selectBy: context.program.selectBy,
    gates: context.program.gates.map((gate) => ({ ...gate })),
  });
}

const codeOf = ({ codeDigest, lockDigest }: StageContext) => ({ code: codeDigest, lock: lockDigest });
