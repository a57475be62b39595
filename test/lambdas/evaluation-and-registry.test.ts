import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as freezeEvaluation } from '../../lambdas/freeze-evaluation/handler.ts';
import { handler as registerModel } from '../../lambdas/register-model/handler.ts';
import type { TrainingSetManifest } from '../../lib/contracts/manifest.ts';
import type { EvaluationInputs, EvaluationReport } from '../../lib/contracts/model.ts';
import type { Champion, ModelEvent, ModelVersion } from '../../lib/contracts/registry.ts';
import type { RegisterModelOutput } from '../../lib/contracts/state-payload.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import {
  BUCKET,
  deploy,
  metrics,
  publishTrainingSet,
  publishTrialManifest,
  RUN_PROGRAM,
  reportOf,
  runOf,
} from '../support/pipeline-world.ts';

const EARLY = { set: '1a'.repeat(16), from: '2001-01-01T00:00:00Z', slot: '2001-02-01T08:00:00Z' };
const LATER = { set: '2b'.repeat(16), from: '2001-03-01T00:00:00Z', slot: '2001-04-01T08:00:00Z' };
type Window = typeof EARLY;

let cloud: FakeCloud;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-20T10:00:00Z') });
  cloud = deployed();
});
afterEach(() => {
  vi.useRealTimers();
  cloud.restore();
});

function deployed(): FakeCloud {
  const world = deploy();
  for (const { set, from } of [EARLY, LATER]) {
    publishTrainingSet(world, set, from);
    for (const trial of trialsOf(set)) publishTrialManifest(world, trial.fingerprint, trial.index);
  }
  return world;
}

const trialsOf = (set: string) => [0, 1].map((index) => ({ index, fingerprint: `${index}${set.slice(1)}` }));

const freeze = (window: Window, trials = trialsOf(window.set)) =>
  freezeEvaluation({ ...runOf(window.slot), trainingSet: window.set, trials });

interface Contest {
  readonly window: Window;
  readonly prAuc: number;
  readonly attempt?: number;
}

/** Freezes, evaluates as the processing job would, and gives what Register model gets; `prAuc` passes the gates. */
async function evaluate({ window, prAuc, attempt = 0 }: Contest) {
  const frozen = await freeze(window);
  const inputs = cloud.s3.json(frozen.inputs.replace('s3://', '')) as EvaluationInputs;
  const report: EvaluationReport = reportOf(frozen.key, trialsOf(window.set)[1] ?? { index: 0, fingerprint: '' }, {
    prAuc,
    championComparison: inputs.championComparison,
    champion: inputs.champion === null ? null : { version: inputs.champion.version, test: metrics(0.4) },
  });
  const key = frozen.report?.key ?? `${frozen.prefix}try/report.json`;
  if (frozen.report === null) cloud.s3.write(`${BUCKET}/${key}`, report);
  const isGood = prAuc >= 0.4;
  return {
    ...runOf(window.slot, attempt),
    trainingSet: window.set,
    evaluationKey: frozen.key,
    report: { bucket: BUCKET, key },
    decision: isGood ? 'approved' : 'candidate',
    failedGates: isGood ? [] : ['exceedsBaseRate(pr_auc, 0.1)'],
  };
}

const register = async (contest: Contest): Promise<RegisterModelOutput> => registerModel(await evaluate(contest));
const champion = () => cloud.s3.json(`${BUCKET}/registry/flight-delays/champion.json`) as Champion | undefined;
const bodies = () => cloud.s3.paths(`${BUCKET}/registry/`).filter((path) => path.endsWith('/body.json'));
const body = (number: number) =>
  cloud.s3.json(`${BUCKET}/registry/flight-delays/versions/00000${number}/body.json`) as ModelVersion;
const log = (number: number) =>
  cloud.s3
    .paths(`${BUCKET}/registry/flight-delays/versions/00000${number}/events/`)
    .map((path) => cloud.s3.json(path) as ModelEvent);

describe('freezing an evaluation', () => {
  it('lists the archives of the finished trials for SageMaker, below the bucket', async () => {
    const frozen = await freeze(EARLY);

    const contenders = cloud.s3.json(frozen.contenders.replace('s3://', ''));
    const inputs = cloud.s3.json(frozen.inputs.replace('s3://', '')) as EvaluationInputs;
    expect(frozen).toMatchObject({ published: false, report: null });
    expect(contenders).toEqual([
      { prefix: `s3://${BUCKET}/` },
      ...inputs.trials.flatMap(({ path, output }) => [path, output]),
    ]);
    expect(inputs).toMatchObject({ championComparison: 'no-champion', champion: null, selectBy: 'pr_auc' });
    for (const trial of inputs.trials) {
      expect(trial).toMatchObject({ outputSha256: `${trial.index}`.repeat(64) });
    }
  });

  it('is keyed by the trials that finished', async () => {
    const all = await freeze(EARLY);
    const one = await freeze(EARLY, trialsOf(EARLY.set).slice(0, 1));

    expect(one.key).not.toBe(all.key);
    expect((await freeze(EARLY, trialsOf(EARLY.set).toReversed())).key).toBe(all.key);
  });

  it('fails by name where no trial finished', async () => {
    await expect(freeze(EARLY, [])).rejects.toMatchObject({ name: 'NoTrialFinished' });
  });

  it('sets the champion against a later window, with its archive, threshold and columns', async () => {
    await register({ window: EARLY, prAuc: 0.5 });

    const frozen = await freeze(LATER);

    const inputs = cloud.s3.json(frozen.inputs.replace('s3://', '')) as EvaluationInputs;
    expect(inputs).toMatchObject({
      championComparison: 'compared',
      champion: { version: 1, path: body(1).artifact.key, threshold: 0.4, features: ['distance'] },
    });
    expect((cloud.s3.json(frozen.contenders.replace('s3://', '')) as unknown[]).at(-1)).toBe(body(1).artifact.key);
  });

  it('finds its own evaluation again after its winner became the champion', async () => {
    await register({ window: EARLY, prAuc: 0.5 });
    const first = await evaluate({ window: LATER, prAuc: 0.6 });
    expect(await registerModel(first)).toMatchObject({ version: 2, status: 'approved' });

    const again = await freeze(LATER);

    expect(again).toMatchObject({ key: first.evaluationKey, published: true, report: first.report });
  });
});

describe('registering a model', () => {
  it('records everything about the first version and makes it champion', async () => {
    const output = await register({ window: EARLY, prAuc: 0.5 });

    expect(output).toEqual({
      version: 1,
      status: 'approved',
      reasons: [],
      modelPackageArn: expect.stringContaining('model-package/flights/1'),
    });
    expect(champion()).toEqual({ version: 1, number: 1, approvedBy: '2001-02-01T08-00-00Z-0', previous: null });
    expect(body(1)).toMatchObject({
      execution: '2001-02-01T08-00-00Z-0',
      artifact: { format: 'xgboost-ubj', modelSha256: '9'.repeat(64), sha256: '1'.repeat(64) },
      trainingSet: { fingerprint: EARLY.set, manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      featureViews: [{ name: 'route_delays', version: 'v1' }],
      seed: 7,
      threshold: 0.4,
      code: { digest: 'c'.repeat(64), lockDigest: 'd'.repeat(64), programDigest: process.env['RUN_PROGRAM_SHA256'] },
      prices: { region: 'us-east-1', compiledOn: '2026-11-20' },
      run: { boundUsd: '5.5', receipt: 'runs/flight-delays/executions/2001-02-01T08-00-00Z-0/receipt.json' },
      distribution: [{ name: 'distance' }],
      revision: runOf(EARLY.slot).revision,
      image: 'image:3.0-5',
      metrics: { test: metrics(0.5) },
    });
    for (const recorded of [body(1).hyperparameters, body(1).confusion, body(1).inputSchema])
      expect(Object.keys(recorded)).not.toEqual([]);
    expect(log(1).map(({ sequence, kind }) => [sequence, kind])).toEqual([
      [1, 'registered'],
      [2, 'approved'],
      [3, 'packaged'],
    ]);
    expect([...cloud.packages.values()]).toMatchObject([
      {
        ModelApprovalStatus: 'Approved',
        InferenceSpecification: {
          Containers: [{ Image: 'image:3.0-5', ModelDataUrl: `s3://${BUCKET}/${body(1).artifact.key}` }],
        },
      },
    ]);
  });

  it('returns the version that an evaluation has, however often it is registered', async () => {
    const first = await register({ window: EARLY, prAuc: 0.5 });
    const before = cloud.snapshot();

    expect(await register({ window: EARLY, prAuc: 0.5, attempt: 1 })).toEqual(first);
    expect(cloud.snapshot()).toEqual(before);
  });

  it('keeps a version that missed a gate as a candidate, with the reasons in words', async () => {
    await register({ window: EARLY, prAuc: 0.5 });

    const output = await register({ window: LATER, prAuc: 0.25 });

    expect(output).toMatchObject({
      version: 2,
      status: 'candidate',
      reasons: [/does not exceed the base rate/, /worse than 0.4000 of the champion, version 1/],
    });
    expect(champion()).toMatchObject({ number: 1 });
    expect(log(2).map(({ kind }) => kind)).toEqual(['registered', 'packaged']);
    expect([...cloud.packages.values()].at(-1)).toMatchObject({ ModelApprovalStatus: 'PendingManualApproval' });
  });

  it("registers a backfill of an earlier window without promotion, for the champion knew that window's future", async () => {
    await register({ window: LATER, prAuc: 0.5 });

    const output = await register({ window: EARLY, prAuc: 0.9 });

    expect(output).toMatchObject({ version: 2, status: 'candidate', reasons: [/trained on this window's future/] });
    expect(body(2).evaluation).toMatchObject({ championComparison: 'trained-on-this-future', champion: null });
    expect(champion()).toMatchObject({ number: 1 });
  });

  it('registers without promotion where the champion reads a column that the training set does not have', async () => {
    await register({ window: EARLY, prAuc: 0.5 });
    const path = `${BUCKET}/training-sets/flight-delays/${LATER.set}/manifest.json`;
    const manifest = cloud.s3.json(path) as TrainingSetManifest;
    cloud.s3.write(path, { ...manifest, features: manifest.features.slice(1) });

    const output = await register({ window: LATER, prAuc: 0.9 });

    expect(output).toMatchObject({ version: 2, status: 'candidate', reasons: [/reads columns/] });
    expect(body(2).evaluation).toMatchObject({ championComparison: 'missing-columns', champion: null });
    expect(champion()).toMatchObject({ number: 1 });
  });

  it('changes nothing of a version, nor of its log, when another takes its place', async () => {
    await register({ window: EARLY, prAuc: 0.5 });
    const recorded = [body(1), ...log(1)];

    await register({ window: LATER, prAuc: 0.6 });

    expect(champion()).toMatchObject({ number: 2, previous: 1 });
    expect([body(1), ...log(1)].slice(0, recorded.length)).toEqual(recorded);
  });

  it('keeps a version as candidate when the champion changed after the comparison', async () => {
    await register({ window: EARLY, prAuc: 0.5 });
    const event = await evaluate({ window: LATER, prAuc: 0.6 });
    cloud.s3.write(`${BUCKET}/registry/flight-delays/champion.json`, {
      version: 1,
      number: 7,
      approvedBy: 'somebody',
      previous: 1,
    });

    const output = await registerModel(event);

    expect(output).toMatchObject({
      status: 'candidate',
      reasons: ['the champion changed to version 7 after the comparison'],
    });
    expect(champion()).toMatchObject({ number: 7 });
    expect(log(2).map(({ kind }) => kind)).toEqual(['registered', 'promotion-lost', 'packaged']);
    expect(await registerModel(event)).toEqual(output);
  });

  it('refuses a report of another evaluation, and a second one that differs', async () => {
    const event = await evaluate({ window: EARLY, prAuc: 0.5 });
    await expect(registerModel({ ...event, evaluationKey: '0'.repeat(32) })).rejects.toMatchObject({ name: 'Fault' });
    await registerModel(event);
    const report = cloud.s3.json(`${BUCKET}/${event.report.key}`) as EvaluationReport;
    const other = event.report.key.replace('try', 'other');
    cloud.s3.write(`${BUCKET}/${other}`, { ...report, test: { rows: 11, baseRate: 0.2 } });

    await expect(registerModel({ ...event, report: { bucket: BUCKET, key: other } })).rejects.toThrow(/another report/);
  });

  it('refuses a training distribution whose bytes are not the published ones', async () => {
    const event = await evaluate({ window: EARLY, prAuc: 0.5 });
    cloud.s3.write(`${BUCKET}/training-sets/flight-delays/${EARLY.set}/try/distribution.json`, []);

    await expect(registerModel(event)).rejects.toMatchObject({ name: 'DigestMismatch' });
    expect(bodies()).toEqual([]);
  });

  it('ends in the same state wherever it was cut off before', async () => {
    await registerModel(await evaluate({ window: EARLY, prAuc: 0.5 }));
    const expected = cloud.snapshot();
    let crashes = 0;

    for (; ; crashes += 1) {
      cloud.restore();
      cloud = deployed();
      const event = await evaluate({ window: EARLY, prAuc: 0.5 });
      cloud.crashAfter(crashes);
      const crashed = await registerModel(event).then(
        () => false,
        () => true,
      );
      cloud.crashAfter(Number.POSITIVE_INFINITY);
      await registerModel(event);

      expect(cloud.snapshot()).toEqual(expected);
      if (!crashed) break;
    }

    // Evaluation manifest, note, body, three events, champion, package.
    expect(crashes).toBe(8);
  });

  it('gives each evaluation one version and one champion at a time, however registrations interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        cloud.restore();
        cloud = deployed();
        const events = [
          await evaluate({ window: EARLY, prAuc: 0.5 }),
          await evaluate({ window: EARLY, prAuc: 0.5 }),
          await evaluate({ window: LATER, prAuc: 0.6 }),
        ];
        cloud.wire = { before: (call) => scheduler.schedule(Promise.resolve(), call), after: () => {} };

        const outputs = await scheduler.waitFor(Promise.all(events.map((event) => registerModel(event))));

        expect(bodies()).toHaveLength(2);
        expect(outputs[0]?.version).toBe(outputs[1]?.version);
        expect(new Set(outputs.map(({ version }) => version))).toEqual(new Set([1, 2]));
        const approved = new Set(outputs.filter(({ status }) => status === 'approved').map(({ version }) => version));
        expect([...approved]).toEqual([champion()?.number]);
        expect(cloud.packages.size).toBe(2);
        for (const number of [1, 2]) {
          const kinds = log(number).map(({ kind }) => kind);
          expect(new Set(kinds).size).toBe(kinds.length);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('counts versions on where other registrations left them', async () => {
    for (const [index, window] of [EARLY, LATER].entries()) {
      expect(await register({ window, prAuc: 0.5 })).toMatchObject({ version: index + 1 });
    }
    expect(RUN_PROGRAM.pipeline).toBe(body(2).pipeline);
    expect(body(2).evaluation.champion).toMatchObject({ version: 1 });
  });
});
