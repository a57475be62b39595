import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { must } from '../../../lib/errors/fault.ts';
import {
  batchFingerprint,
  evaluationKey,
  rowsCodeFingerprint,
  type StageContext,
  trainingSetFingerprint,
  trialFingerprint,
  unitFingerprint,
} from '../../../lib/runs/stage-fingerprints.ts';
import { RUN_PROGRAM } from '../../support/pipeline-world.ts';

const CONTEXT: StageContext = {
  program: RUN_PROGRAM,
  engine: 'duckdb',
  codeDigest: 'code',
  lockDigest: 'lock',
  image: 'image',
};
const OBJECTS = [
  { key: 'raw/flights/2001-01-01/a.csv', size: 1, etag: 'a' },
  { key: 'raw/flights/2001-01-01/b.csv', size: 2, etag: 'b' },
];
const CHAMPION = { comparison: 'compared', sha256: 'x', version: 1 } as const;

const FLIGHTS = must(RUN_PROGRAM.sources[0], 'a source');
const NONE = { unit: false, set: false, trial: false, evaluation: false };

const changed = (change: Partial<StageContext>): StageContext => ({ ...CONTEXT, ...change });
const program = (change: Partial<StageContext['program']>): StageContext =>
  changed({ program: { ...RUN_PROGRAM, ...change } });

describe('fingerprints of stages', () => {
  it('do not depend on the order in which inputs are listed', () => {
    expect(unitFingerprint(CONTEXT, FLIGHTS, OBJECTS.toReversed())).toBe(unitFingerprint(CONTEXT, FLIGHTS, OBJECTS));
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4,8}$/)), fc.nat(), (units, turn) => {
        const turned = [...units.slice(turn % (units.length + 1)), ...units.slice(0, turn % (units.length + 1))];
        expect(batchFingerprint(turned)).toBe(batchFingerprint(units));
        expect(trainingSetFingerprint(CONTEXT, 's', turned)).toBe(trainingSetFingerprint(CONTEXT, 's', units));
      }),
    );
  });

  it.each([
    ['key', [{ ...OBJECTS[0], key: 'other' }]],
    ['size', [{ ...OBJECTS[0], size: 9 }]],
    ['etag', [{ ...OBJECTS[0], etag: 'z' }]],
  ])('of a unit change with the %s of an object, not with its version id', (_, objects) => {
    const base = [{ key: OBJECTS[0]?.key ?? '', size: 1, etag: 'a' }];

    expect(
      unitFingerprint(
        CONTEXT,
        FLIGHTS,
        objects.map((object) => ({ ...base[0], ...object }) as (typeof base)[number]),
      ),
    ).not.toBe(unitFingerprint(CONTEXT, FLIGHTS, base));
    expect(unitFingerprint(CONTEXT, FLIGHTS, [{ key: base[0]?.key ?? '', size: 1, etag: 'a', versionId: 'v2' }])).toBe(
      unitFingerprint(CONTEXT, FLIGHTS, base),
    );
  });

  it.each<[string, StageContext, { unit: boolean; set: boolean; trial: boolean; evaluation: boolean }]>([
    ['code', changed({ codeDigest: 'z' }), { unit: true, set: true, trial: true, evaluation: true }],
    ['lock', changed({ lockDigest: 'z' }), { unit: true, set: true, trial: true, evaluation: true }],
    ['engine', changed({ engine: 'spark' }), { unit: true, set: true, trial: false, evaluation: false }],
    ['image', changed({ image: 'z' }), { unit: false, set: false, trial: true, evaluation: true }],
    [
      'ingest program',
      program({ sources: [{ ...FLIGHTS, ingestDigest: 'z' }] }),
      { unit: true, set: false, trial: false, evaluation: false },
    ],
    ['program of another source', program({ sources: [FLIGHTS, { ...FLIGHTS, name: 'weather' }] }), NONE],
    ['reach of the source', program({ sources: [{ ...FLIGHTS, lookbackMicroseconds: 1 }] }), NONE],
    ['set program', program({ trainingSetDigest: 'z' }), { unit: false, set: true, trial: false, evaluation: false }],
    ['seed', program({ seed: 8 }), { unit: false, set: false, trial: true, evaluation: false }],
    ['gates', program({ gates: [] }), { unit: false, set: false, trial: false, evaluation: true }],
    ['selection', program({ selectBy: 'brier' }), { unit: false, set: false, trial: false, evaluation: true }],
    ['budget', program({ monthBudgetUsd: '1' }), { unit: false, set: false, trial: false, evaluation: false }],
  ])('a change of the %s changes exactly the stages that depend on it directly', (_, context, expected) => {
    const of = (stage: StageContext) => ({
      unit: unitFingerprint(stage, must(stage.program.sources[0], 'a source'), OBJECTS),
      set: trainingSetFingerprint(stage, 'slot', ['u']),
      trial: trialFingerprint(stage, 'set', { eta: '0.1' }),
      evaluation: evaluationKey(stage, { trainingSet: 'set', trials: ['t'], champion: CHAMPION }),
    });
    const before = of(CONTEXT);
    const after = of(context);

    expect({
      unit: after.unit !== before.unit,
      set: after.set !== before.set,
      trial: after.trial !== before.trial,
      evaluation: after.evaluation !== before.evaluation,
    }).toEqual(expected);
  });

  it.each<[string, StageContext, boolean]>([
    ['code', changed({ codeDigest: 'z' }), true],
    ['lock', changed({ lockDigest: 'z' }), true],
    ['engine', changed({ engine: 'spark' }), true],
    ['image', changed({ image: 'z' }), false],
    ['set program', program({ trainingSetDigest: 'z' }), false],
  ])('of what computes label days: a change of the %s counts or does not', (_, context, counts) => {
    expect(rowsCodeFingerprint(context) !== rowsCodeFingerprint(CONTEXT)).toBe(counts);
  });

  it('of a unit tells sources apart whose files and programs are equal', () => {
    expect(unitFingerprint(CONTEXT, { ...FLIGHTS, name: 'weather' }, OBJECTS)).not.toBe(
      unitFingerprint(CONTEXT, FLIGHTS, OBJECTS),
    );
  });

  it('chain: what comes before changes what comes after', () => {
    const base = { trainingSet: 'set', trials: ['t'], champion: CHAMPION } as const;
    const keys = [
      evaluationKey(CONTEXT, base),
      evaluationKey(CONTEXT, { ...base, trainingSet: 'other' }),
      evaluationKey(CONTEXT, { ...base, trials: ['t', 'u'] }),
      evaluationKey(CONTEXT, { ...base, champion: { ...CHAMPION, version: 2 } }),
      evaluationKey(CONTEXT, { ...base, champion: { comparison: 'no-champion', sha256: null, version: null } }),
      evaluationKey(CONTEXT, { ...base, champion: { comparison: 'missing-columns', sha256: null, version: null } }),
    ];
    const sets = [
      trainingSetFingerprint(CONTEXT, 'slot', ['u']),
      trainingSetFingerprint(CONTEXT, 'later', ['u']),
      trainingSetFingerprint(CONTEXT, 'slot', ['u', 'v']),
    ];

    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(sets).size).toBe(sets.length);
    expect(trialFingerprint(CONTEXT, 'set', { eta: '0.1' })).not.toBe(trialFingerprint(CONTEXT, 'set', { eta: '0.2' }));
    expect(trialFingerprint(CONTEXT, 'set', { a: '1', b: '2' })).toBe(
      trialFingerprint(CONTEXT, 'set', { b: '2', a: '1' }),
    );
  });
});
