import { describe, expect, it } from 'vitest';
import flightDelays from '../../../examples/flights/pipeline.ts';
import { checkDefinition } from '../../../lib/definition/check-definition.ts';
import {
  byTime,
  count,
  cron,
  csv,
  type Definition,
  day,
  days,
  featureView,
  fromLabel,
  hours,
  integer,
  label,
  latest,
  minutes,
  pipeline,
  rowCount,
  seconds,
  source,
  text,
  timestamp,
  usd,
  xgboost,
} from '../../../lib/definition/index.ts';
import { quotes, trips, tripsPipeline } from '../../support/trips-pipeline.ts';

/** A definition as somebody without types may write it. */
const untyped = (changes: object): Definition => ({ ...tripsPipeline(), ...changes });

const problemsOf = (definition: Definition) =>
  checkDefinition(definition).diagnostics.map(({ at, code }) => `${at} ${code}`);

describe('checkDefinition', () => {
  it('finds nothing wrong with the flights example', () => {
    expect(checkDefinition(flightDelays)).toEqual({ value: flightDelays, diagnostics: [] });
  });

  it('finds nothing wrong with a definition that uses every kind, with or without a key', () => {
    expect(problemsOf(tripsPipeline())).toEqual([]);
    expect(problemsOf(tripsPipeline(quotes))).toEqual([]);
  });

  it('reports everything that is wrong at once, without a value', () => {
    const { value, diagnostics } = checkDefinition(
      untyped({
        name: 'Trips!',
        history: 0,
        split: byTime({ train: 0.7, validation: 0.2, test: 0.2 }),
        schedule: cron('61 4 * *', { zone: 'Mars/Olympus' }),
        glue: { workers: 1, timeout: hours(200), workerType: 'Z.2X' },
        evaluate: { instance: 'm5.xlarge', maxRuntime: 5 },
        triesPerJob: 0,
        bounds: { run: usd(9), month: usd(8) },
        region: 'eu-central-1',
        gates: [{ kind: 'no-worse-than-champion', metric: 'accuracy' }, { kind: 'lucky' }],
      }),
    );

    expect(value).toBeUndefined();
    expect(diagnostics.map(({ at, code }) => `${at} ${code}`)).toEqual([
      'name invalid-name',
      'history out-of-range',
      'split out-of-range',
      'gates[0].metric not-allowed',
      'gates[1] not-allowed',
      'schedule.zone not-allowed',
      'schedule invalid-cron',
      'glue.workerType not-allowed',
      'glue.workers out-of-range',
      'glue.timeout out-of-range',
      'evaluate.instance not-allowed',
      'evaluate.maxRuntime out-of-range',
      'triesPerJob out-of-range',
      'bounds.run out-of-range',
      'region not-allowed',
    ]);
  });

  it('reports quantities that no unit can hold with everything else', () => {
    const { diagnostics } = checkDefinition(
      untyped({
        label: label(trips, { at: ({ departure }) => departure.minus(hours(-2)), is: 'cancelled' }),
        history: days(-3),
        glue: { workers: 1, timeout: minutes(Number.NaN) },
        evaluate: { instance: 'ml.m5.large', maxRuntime: seconds(1e-9) },
        bounds: { run: usd('six'), month: usd(-8) },
      }),
    );

    expect(diagnostics.map(({ at, message }) => `${at}: ${message}`)).toEqual([
      'label.at: a length of -7200000000 microseconds is not allowed',
      'history: history == -259200 seconds, must be 1 second to 36525 days, in steps of 1 second',
      'glue.workers: glue.workers == 1, must be a whole number from 2 to 299',
      'glue.timeout: glue.timeout == NaN, must be 1 minute to 10079 minutes, in steps of 1 minute',
      'evaluate.maxRuntime: evaluate.maxRuntime == 0.001 microseconds, must be 1 minute to 9 days, in steps of 1 second',
      'bounds.run: bounds.run == "six", must be an amount above zero with at most 12 decimal places',
      'bounds.month: bounds.month == -8, must be an amount above zero with at most 12 decimal places',
    ]);
  });

  it('says what was given, what is allowed and what to do', () => {
    expect(checkDefinition(untyped({ region: 'eu-central-1', triesPerJob: 2.5 })).diagnostics).toEqual([
      {
        code: 'out-of-range',
        severity: 'error',
        at: 'triesPerJob',
        message: 'triesPerJob == 2.5, must be a whole number from 1 to 10',
        fix: 'give a whole number from 1 to 10',
      },
      {
        code: 'not-allowed',
        severity: 'error',
        at: 'region',
        message: 'region == "eu-central-1", must be one of us-east-1',
        fix: 'use one of us-east-1',
      },
    ]);
  });

  it('takes the regions that have prices from outside', () => {
    const definition = untyped({ region: 'eu-central-1' });

    expect(checkDefinition(definition, { regions: ['eu-central-1'] }).diagnostics).toEqual([]);
  });

  it.each(['label', 'features', 'split', 'train', 'gates', 'schedule', 'glue', 'evaluate', 'bounds'])(
    'says that %s is missing',
    (part) => {
      expect(problemsOf(untyped({ [part]: undefined }))).toContain(`${part} missing`);
    },
  );

  it('refuses what is no pipeline', () => {
    const given: unknown = { name: 'x' };

    expect(checkDefinition(given as Definition).diagnostics).toMatchObject([{ code: 'not-a-pipeline' }]);
  });

  it('refuses options that nothing reads, wherever they are', () => {
    const { train, glue, bounds, ...rest } = tripsPipeline();
    const misspelt = { ...trips, kay: ['id'] } as never;
    const view = { entity: ['origin'], wher: 'cancelled', windows: [hours(1)], aggregates: { n: count() } } as never;
    const definition = untyped({
      ...rest,
      label: label(source('trips', misspelt), { at: 'departure' as never, is: 'cancelled' as never }),
      features: [featureView('v', source('trips', misspelt), view)],
      split: byTime({ train: 0.7, validation: 0.2, test: 0.1, embrago: hours(1) } as never),
      train: { ...train, spott: {}, spot: { ...train.spot, wait: hours(1) } },
      glue: { ...glue, worker: 9 },
      bounds: { ...bounds, day: usd(1) },
      timeout: hours(1),
    });

    const unknown = problemsOf(definition).filter((problem) => problem.endsWith(' unknown-option'));
    expect(unknown.map((problem) => problem.split(' ')[0])).toEqual([
      'timeout',
      'split.embrago',
      'train.spott',
      'train.spot.wait',
      'glue.worker',
      'bounds.day',
      'sources.trips.kay',
      'sources.trips.kay',
      'features.v.wher',
    ]);
  });

  it('refuses a schedule that never ticks', () => {
    expect(problemsOf(untyped({ schedule: cron('0 4 30 2 *', { zone: 'UTC' }) }))).toEqual(['schedule empty-schedule']);
  });

  it.each([
    ['UTC', []],
    ['Asia/Kathmandu', []],
    ['+01:00', ['schedule.zone not-allowed']],
    ['America/Nowhere', ['schedule.zone not-allowed']],
  ])('knows whether %s is a zone', (zone, problems) => {
    expect(problemsOf(untyped({ schedule: cron('0 4 * * *', { zone }) }))).toEqual(problems);
  });
});

describe('checkDefinition, sources', () => {
  const sourceWith = (changes: object): Definition => {
    const from = { ...trips, ...changes };
    return untyped({
      label: label(from, { at: 'departure', is: 'cancelled' }),
      features: [fromLabel(from, { delay: 'delay' })],
    });
  };

  it('reports every mistake of a source at its path', () => {
    const definition = sourceWith({
      name: 'Trips',
      format: csv({ header: true, delimiter: ';;' }),
      eventTime: 'delay',
      partition: day('arrival'),
      key: ['price', 'id'],
      rows: [
        { kind: 'complete', columns: [] },
        { kind: 'between', column: 'delay', min: 5, max: 1 },
        { kind: 'between', column: 'origin', min: 0, max: 1 },
        { kind: 'one-of', column: 'delay', values: [] },
        { kind: 'matches', column: 'code', pattern: '^a$' },
      ],
      checks: [rowCount({}), rowCount({ min: 5, max: 2 }), { kind: 'quarantined', max: 2 }],
    });

    expect(problemsOf(definition)).toEqual([
      'sources.Trips.name invalid-name',
      'sources.Trips.format not-allowed',
      'sources.Trips.eventTime wrong-type',
      'sources.Trips.partition not-allowed',
      'sources.Trips.key[0] wrong-type',
      'sources.Trips.key[1] unknown-column',
      'sources.Trips.rows[0] missing',
      'sources.Trips.rows[1] out-of-range',
      'sources.Trips.rows[2] wrong-type',
      'sources.Trips.rows[3] wrong-type',
      'sources.Trips.rows[3] missing',
      'sources.Trips.rows[4] invalid-pattern',
      'sources.Trips.checks[0] missing',
      'sources.Trips.checks[1].max out-of-range',
      'sources.Trips.checks[2].max out-of-range',
    ]);
  });

  it('refuses names that jobs use and types that do not exist', () => {
    const columns = { label: text(), Upper: text(), _x: text(), a__b: integer(), ok: { kind: 'column', type: 'date' } };
    const definition = untyped({
      label: label(
        source('s', { ...trips, columns: { ...trips.columns, ...columns } as never, knownTime: 'departure' as never }),
        { at: 'departure' as never, is: 'cancelled' as never },
      ),
      features: [],
    });

    expect(problemsOf(definition)).toEqual([
      'sources.s.columns.label reserved-name',
      'sources.s.columns.Upper invalid-name',
      'sources.s.columns._x invalid-name',
      'sources.s.columns.a__b invalid-name',
      'sources.s.columns.ok.type not-allowed',
      'features missing',
    ]);
  });
});

describe('checkDefinition, expressions', () => {
  const labelOf = (is: unknown, at: unknown = 'departure') =>
    checkDefinition(untyped({ label: label(trips, { at, is } as never) })).diagnostics.filter((one) =>
      one.at.startsWith('label'),
    );

  it.each([
    ['a column that is not declared', ({ arival }: Row) => arival, 'there is no column "arival"'],
    ['a result of another type', ({ delay }: Row) => delay, 'delay is an integer, must be a boolean'],
    [
      'a text added to a number',
      ({ delay }: Row) => delay.plus('3').atLeast(1),
      'delay.plus("3") does not fit an integer and a text',
    ],
    [
      'an order of texts',
      ({ origin }: Row) => origin.atLeast('A'),
      'origin.atLeast("A") does not fit a text and a text',
    ],
    [
      'a comparison of text and number',
      ({ origin }: Row) => origin.equals(3),
      'origin.equals(3) does not fit a text and an integer',
    ],
    ['a weekday of a number', ({ delay }: Row) => delay.weekday().equals(1), 'delay.weekday() does not fit an integer'],
    [
      'a number that is not finite',
      ({ price }: Row) => price.atLeast(Number.NaN),
      'the number NaN cannot be held exactly',
    ],
    [
      'an integer too large',
      ({ delay }: Row) => delay.atLeast(2 ** 60),
      'the number 1152921504606847000 cannot be held exactly',
    ],
    ['a JavaScript operator', ({ delay }: Row) => delay > 15, 'a JavaScript operator was applied to an expression'],
    ['no expression', () => true, 'the function returned boolean true'],
    ['nothing', () => undefined, 'the function returned undefined undefined'],
    [
      'a thrown error',
      ({ delay }: Row) => delay.exceeds(3),
      'the function threw TypeError: delay.exceeds is not a function',
    ],
  ])('reports %s', (_case, is, message) => {
    expect(labelOf(is)).toMatchObject([{ at: 'label.is', message }]);
  });

  it('reports the label time and the label independently', () => {
    expect(
      labelOf(
        ({ delay }: Row) => delay,
        ({ delay }: Row) => delay,
      ).map(({ at }) => at),
    ).toEqual(['label.at', 'label.is']);
  });

  it('reports a column of another source', () => {
    const other = source('other', {
      format: csv({ header: true }),
      columns: { seen: timestamp(), late: integer() },
      eventTime: 'seen',
      knownTime: ({ seen }) => seen,
      partition: day('seen'),
    });
    const stolen = fromLabel(other, { late: 'late' }).features[0]?.value;
    const definition = untyped({ label: { ...label(trips, { at: 'departure', is: 'cancelled' }), is: stolen } });

    expect(problemsOf(definition)).toContain('label.is unknown-column');
  });

  // biome-ignore lint/suspicious/noExplicitAny: what a user without types has
  type Row = any;
});

describe('checkDefinition, features', () => {
  it('reports every mistake of a view at its path', () => {
    const view = featureView('Delays', trips, {
      entity: ['price', 'origin', 'origin'],
      windows: [0, hours(3), hours(3)],
      ttl: hours(1),
      aggregates: {
        Total: { kind: 'sum', operand: 'origin' },
        late: { kind: 'share', operand: 'delay' },
        most: { kind: 'mode', operand: 'delay' },
      },
    } as never);

    expect(problemsOf(untyped({ features: [view] }))).toEqual([
      'features.Delays invalid-name',
      'features.Delays.entity[0] wrong-type',
      'features.Delays.entity[2] duplicate',
      'features.Delays.windows[0] out-of-range',
      'features.Delays.windows[2] duplicate',
      'features.Delays.ttl unused',
      'features.Delays.aggregates.Total invalid-name',
      'features.Delays.aggregates.Total wrong-type',
      'features.Delays.aggregates.late wrong-type',
      'features.Delays.aggregates.most.kind not-allowed',
    ]);
  });

  it('says how to sum what is no whole number', () => {
    const aggregates = { paid: { kind: 'sum', operand: 'price' }, fare: { kind: 'mean', operand: 'price' } };
    const view = featureView('v', trips, { entity: ['origin'], windows: [hours(3)], aggregates } as never);
    const fixFor = (kind: string) =>
      `sums are exact: say to how many digits, such as ${kind}(…, { scale: 2 }), or export whole numbers`;

    expect(checkDefinition(untyped({ features: [view] })).diagnostics).toMatchObject([
      { at: 'features.v.aggregates.paid', message: 'price is a double, must be an integer', fix: fixFor('sum') },
      { at: 'features.v.aggregates.fare', message: 'price is a double, must be an integer', fix: fixFor('mean') },
    ]);
  });

  it('refuses views of one name, windows that nothing uses and aggregates without windows', () => {
    const last = featureView('v', trips, {
      entity: ['origin'],
      windows: [hours(1)],
      aggregates: { p: latest('price') },
    });
    const counted = featureView('v', trips, { entity: [], aggregates: { n: count() } });

    expect(problemsOf(untyped({ features: [last, counted] }))).toEqual([
      'features.v.windows unused',
      'features.v.entity missing',
      'features.v.windows missing',
      'features.v duplicate',
    ]);
  });

  it('refuses names that would meet in one table', () => {
    const features = [
      ...tripsPipeline().features,
      fromLabel(trips, { hour: ({ departure }) => departure.hour(), origin: 'price', label: 'price' }),
    ];

    expect(problemsOf(untyped({ features }))).toEqual([
      'features.fromLabel.hour duplicate',
      'features.fromLabel.origin reserved-name',
      'features.fromLabel.label reserved-name',
    ]);
  });

  it('warns of a feature that is made of what the label is made of, and still gives a value', () => {
    const definition = untyped({
      label: label(trips, {
        at: 'departure',
        is: ({ arrival, departure }) => arrival.moreThan(departure.plus(hours(1))),
      }),
      features: [
        fromLabel(trips, { hour: ({ departure }) => departure.hour(), landed: ({ arrival }) => arrival.hour() }),
      ],
    });
    const { value, diagnostics } = checkDefinition(definition);

    expect(value).toBe(definition);
    expect(diagnostics).toMatchObject([{ at: 'features.fromLabel.landed', code: 'label-leak', severity: 'warning' }]);
  });

  it('refuses what is no feature', () => {
    expect(problemsOf(untyped({ features: [{}, null] }))).toEqual([
      'features[0] not-allowed',
      'features[1] not-allowed',
    ]);
  });
});

describe('checkDefinition, training', () => {
  const training = (changes: object) => problemsOf(untyped({ train: { ...tripsPipeline().train, ...changes } }));

  it('reports every limit that is out of range', () => {
    const given = {
      objective: 'multi:softmax',
      rounds: 5,
      trials: 101,
      seed: -1,
      selectBy: 'accuracy',
      instance: 'large',
      maxRuntime: hours(2),
      volumeGb: 0,
      concurrency: 0,
    };

    expect(training(given)).toEqual([
      'train.objective not-allowed',
      'train.trials out-of-range',
      'train.concurrency out-of-range',
      'train.seed out-of-range',
      'train.selectBy not-allowed',
      'train.instance not-allowed',
      'train.volumeGb out-of-range',
      'train.spot.maxWait out-of-range',
      'train.spot.segment out-of-range',
    ]);
  });

  it.each([
    [{ depth: { kind: 'choice', values: [1] } }, 'train.search.depth unknown-parameter'],
    [{ toString: { kind: 'choice', values: [1] } }, 'train.search.toString unknown-parameter'],
    [{ max_depth: { kind: 'uniform', min: 1, max: 4 } }, 'train.search.max_depth wrong-type'],
    [{ max_depth: { kind: 'integers', min: 4, max: 1 } }, 'train.search.max_depth out-of-range'],
    [{ eta: { kind: 'log-uniform', min: 0, max: 0.1 } }, 'train.search.eta out-of-range'],
    [{ eta: { kind: 'uniform', min: 0.1, max: 2 } }, 'train.search.eta out-of-range'],
    [{ eta: { kind: 'choice', values: [] } }, 'train.search.eta missing'],
    [{ eta: 0.3 }, 'train.search.eta wrong-type'],
    [{ grow_policy: { kind: 'choice', values: ['wide'] } }, 'train.search.grow_policy out-of-range'],
    [{ tree_method: { kind: 'choice', values: ['hist', 'exact'] } }, 'train.search.tree_method out-of-range'],
    [{ lambda: { kind: 'uniform', min: 0, max: 1e39 } }, 'train.search.lambda out-of-range'],
    [{ max_bin: { kind: 'choice', values: [64] } }, 'train.parameters.max_bin duplicate'],
    [{}, 'train.search missing'],
  ])('refuses the search %j', (search, expected) => {
    expect(training({ search })).toContain(expected);
  });

  it('does not search with one trial', () => {
    const train = xgboost({
      objective: 'binary:logistic',
      rounds: 5,
      trials: 1,
      instance: 'ml.m5.large',
      maxRuntime: hours(1),
    });

    expect(problemsOf(pipeline('one', { ...tripsPipeline(), train }))).toEqual([]);
  });
});
