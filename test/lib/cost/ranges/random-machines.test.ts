import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proveRanges } from '../../../../lib/cost/ranges/prove-ranges.ts';
import { readWorkflow } from '../../../../lib/cost/workflow/read-workflow.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { countingMachines, JSONATA_PHRASES, JSONPATH_PHRASES } from '../../../support/counting-machines.ts';
import { type Replay, replay } from '../../../support/execution-replay.ts';
import { executeJsonpath, FAILED, type Observed } from '../../../support/jsonpath-execution.ts';
import { type Witnessed, witness } from '../../../support/proof-witness.ts';
import type { Definition } from '../../../support/state-machines.ts';

const RUNS = 500;
const INPUT = { flag: true };

/** What tasks answer, over and over; null fails. */
const outcomes = fc.array(
  fc.option(
    fc.record({
      c: fc.integer({ min: -9, max: 9 }),
      flag: fc.boolean(),
      i: fc.integer({ min: -9, max: 9 }),
      l: fc.oneof(fc.array(fc.nat(5), { maxLength: 6 }), fc.constant([[1, 2, 3, 4, 5]])),
    }),
    { freq: 5 },
  ),
  { minLength: 1, maxLength: 5 },
);
type Outcomes = typeof outcomes extends fc.Arbitrary<infer Value> ? Value : never;

/** Executed by the interpreter that runs machines on the laptop. */
async function executeJsonata(machine: Definition, answers: Outcomes): Promise<Observed> {
  let calls = 0;
  const replayed = await replay(machine, {
    input: INPUT,
    abortAfter: 12,
    onTask: () => {
      const output = answers[calls++ % answers.length] ?? null;
      return output === null ? { error: 'Broken' } : { output };
    },
  });
  return {
    walk: entriesIn(replayed),
    calls: replayed.tasks.map(({ state, arguments: actual }) => ({ state, actual })),
    maps: mapsIn(replayed),
  };
}

const entriesIn = ({ history }: Replay): readonly string[] =>
  history.flatMap(({ path, state }) => (path.length === 0 && state !== null ? [state] : []));

function mapsIn({ history }: Replay): Observed['maps'] {
  let current = '';
  return history.flatMap(({ type, path, state, details }) => {
    if (path.length === 0 && state !== null) current = state;
    return type === 'MapStateStarted' ? [{ state: current, items: Number(details['length']) }] : [];
  });
}

async function executeByPath(machine: Definition, answers: Outcomes): Promise<Observed> {
  let calls = 0;
  return executeJsonpath(machine, INPUT, () => {
    const output = answers[calls++ % answers.length] ?? null;
    if (output === null) throw FAILED;
    return output;
  });
}

const LANGUAGES = [
  {
    name: 'JSONata',
    machines: countingMachines(JSONATA_PHRASES, { QueryLanguage: 'JSONata' }),
    execute: executeJsonata,
  },
  { name: 'JSONPath', machines: countingMachines(JSONPATH_PHRASES, {}), execute: executeByPath },
];

describe.each(LANGUAGES)('what is proven of random machines in $name', ({ machines, execute }) => {
  it('holds in every execution: arguments, numbers of items, laps', async () => {
    const seen: Witnessed[] = [];
    await fc.assert(
      fc.asyncProperty(machines, outcomes, async (machine, answers) => {
        const scope = must(readWorkflow(machine, 'machine').value, 'a machine');
        seen.push(witness(scope, proveRanges(scope), await execute(machine, answers)));
      }),
      { numRuns: RUNS },
    );
    const total = (count: (witnessed: Witnessed) => number): number =>
      seen.reduce((sum, witnessed) => sum + count(witnessed), 0);
    expect(total(({ calls }) => calls)).toBeGreaterThan(0);
    expect(total(({ maps }) => maps)).toBeGreaterThan(0);
    expect(total(({ laps }) => laps)).toBeGreaterThan(0);
  });
});
