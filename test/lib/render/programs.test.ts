import { describe, expect, it } from 'vitest';
import flightDelays from '../../../examples/flights/pipeline.ts';
import { hours, pipeline } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { canonicalJson, sha256 } from '../../../lib/plan/fingerprint.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { programText, renderPrograms } from '../../../lib/render/programs.ts';
import { programFixtures } from '../../support/program-fixtures.ts';

const planOf = (definition = flightDelays) => must(makePlan(definition).value, 'a sound definition');
const firstSource = () => must(renderPrograms(planOf()).ingest.sources[0], 'a source');

describe('renderPrograms', () => {
  /** A change of what is rendered: update with `vitest run -u`, then let `test_rendered_*.py` execute it. */
  it.each(Object.entries(programFixtures()))('renders what both engines are tested with: %s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`../../fixtures/${name}`);
  });

  it('gives equal bytes for equal definitions', () => {
    const again = planOf(pipeline(flightDelays.name, { ...flightDelays }));

    expect(programText(renderPrograms(again).trainingSet)).toBe(programText(renderPrograms(planOf()).trainingSet));
  });

  it('puts the digests of the files of the jobs into the program of the run', () => {
    const { ingest, trainingSet, run } = renderPrograms(planOf());

    expect(run.sources).toEqual([
      {
        name: 'flights',
        kind: 'events',
        ingestDigest: sha256(canonicalJson(ingest.sources[0])),
        lookbackMicroseconds: 604_800_000_000,
      },
    ]);
    expect(run.trainingSetDigest).toBe(sha256(programText(trainingSet)));
    expect(run).toMatchObject({ runBudgetUsd: '6', monthBudgetUsd: '200' });
  });

  it('changes the digest of ingest only with what ingest does', () => {
    const before = renderPrograms(planOf()).run;
    const after = renderPrograms(planOf({ ...flightDelays, history: hours(100) })).run;

    expect(after.sources).toEqual(before.sources);
    expect(after.trainingSetDigest).not.toBe(before.trainingSetDigest);
  });

  it('names the checks as people read them, with inclusive ends', () => {
    expect(firstSource().checks).toMatchObject([
      { name: 'rowCount >= 1000', min: 1000, max: null },
      { name: 'quarantined <= 0.01', min: null, max: 0.01 },
    ]);
  });

  it('orders a unit by event time, then known time, then content', () => {
    expect(firstSource().orderBy).toEqual([
      'scheduled_departure',
      'known_time',
      'local_hour',
      'delay',
      'distance',
      'origin',
      'destination',
    ]);
  });

  it('gives frozen programs', () => {
    expect(Object.isFrozen(firstSource().statements.typed)).toBe(true);
  });
});
