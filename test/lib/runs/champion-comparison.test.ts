import { describe, expect, it } from 'vitest';
import type { TrainingSetManifest } from '../../../lib/contracts/manifest.ts';
import type { ModelVersion } from '../../../lib/contracts/registry.ts';
import { compareChampion } from '../../../lib/runs/champion-comparison.ts';

const split = (from: string | null, knownUntil: string | null) => ({
  rows: 1,
  positives: 0,
  from,
  to: from,
  knownUntil,
  purged: 0,
});

function champion(trainKnown: string | null, validationKnown: string | null, columns = ['distance']): ModelVersion {
  return {
    trainingSet: { splits: { train: split(null, trainKnown), validation: split(null, validationKnown) } },
    inputSchema: columns.map((name) => ({ name, type: 'integer' })),
  } as unknown as ModelVersion;
}

function trainingSet(testFrom: string | null): TrainingSetManifest {
  return {
    splits: { test: split(testFrom, null) },
    features: [
      { name: 'distance', type: 'integer' },
      { name: 'hour', type: 'integer' },
    ],
  } as unknown as TrainingSetManifest;
}

const NOON = '2001-05-01T12:00:00.000000Z';

describe('comparing a champion on a test split', () => {
  it.each([
    ['was known exactly when the test split begins', NOON, NOON, 'compared'],
    ['was known a microsecond later', NOON, '2001-05-01T12:00:00.000001Z', 'trained-on-this-future'],
    ['of training was known later', '2001-05-02T00:00:00.000000Z', NOON, 'trained-on-this-future'],
    ['was known earlier', '2001-04-01T00:00:00.000000Z', '2001-04-08T00:00:00.000000Z', 'compared'],
    ['is written to the second', '2001-05-01T12:00:00Z', null, 'compared'],
    ['is written with an offset of zero', '2001-05-01T12:00:00.000001+00:00', null, 'trained-on-this-future'],
  ])('where its last label %s', (_, train, validation, expected) => {
    expect(compareChampion(champion(train, validation), trainingSet(NOON))).toBe(expected);
  });

  it('needs the columns that it reads, of the same type', () => {
    const reads = (...columns: string[]) => compareChampion(champion(null, null, columns), trainingSet(NOON));

    expect(reads('hour')).toBe('compared');
    expect(reads('hour', 'route_delays__count_3h')).toBe('missing-columns');
  });

  it('does not happen without a champion, nor on a set that has no test rows', () => {
    expect(compareChampion(undefined, trainingSet(NOON))).toBe('no-champion');
    expect(compareChampion(champion(null, null), trainingSet(null))).toBe('trained-on-this-future');
  });
});
