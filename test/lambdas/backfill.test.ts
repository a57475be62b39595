import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { handler as admitRun } from '../../lambdas/admit-run/handler.ts';
import { handler as settleRun } from '../../lambdas/settle-run/handler.ts';
import type { Ledger, Receipt } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput, AdmitRunOutput } from '../../lib/contracts/state-payload.ts';
import { claimOf, findReservation, remainingUsd } from '../../lib/runs/month-ledger.ts';
import { addUsd, usd, usdToDecimal } from '../../lib/units/usd.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { admissionOf, BUCKET, deploy } from '../support/pipeline-world.ts';

const SLOTS = 183;
const MORNING = Date.parse('2026-11-20T00:00:00Z');
/** Seconds between two things that happen: a day has room for all of them. */
const STEP_SECONDS = 20;
/** $0.23 an hour: each job costs some ten cents. */
const JOB_SECONDS = 1_500;

let cloud: FakeCloud;
afterEach(() => {
  vi.useRealTimers();
  cloud.restore();
});

const ledger = (): Ledger | undefined => cloud.s3.json(`${BUCKET}/ledger/flight-delays/2026-11.json`) as Ledger;
const slotOf = (day: number): string => `${new Date(Date.UTC(2001, 0, day + 1)).toISOString().slice(0, 10)}T08:00:00Z`;

/** An execution of a slot, as far as it has come; what it does next is what Step Functions would do. */
class Run {
  readonly input: AdmitRunInput;
  readonly job: string;
  #stage: 'new' | 'admitted' | 'training' | 'over' = 'new';

  constructor(slot: string, startTime: string) {
    this.input = { ...admissionOf(slot), startTime };
    this.job = `flight-delays-${this.input.execution}-t0-0a1b2c3d`;
  }

  get isOver(): boolean {
    return this.#stage === 'over';
  }

  async advance(): Promise<void> {
    if (this.#stage === 'new') await this.#admit();
    else if (this.#stage === 'admitted') this.#startJob();
    else await this.#finish();
  }

  async #admit(): Promise<void> {
    cloud.executions.set(this.input.executionArn, { status: 'RUNNING' });
    const { admitted } = (await admitRun(this.input)) as AdmitRunOutput;
    if (admitted) this.#stage = 'admitted';
    else await this.#end('SUCCEEDED');
  }

  #startJob(): void {
    this.#stage = 'training';
    cloud.trainingJobs.set(this.job, { status: 'InProgress' });
  }

  async #finish(): Promise<void> {
    endJob(this.job, 'Completed');
    await this.#end('SUCCEEDED');
  }

  async #end(status: 'SUCCEEDED' | 'ABORTED'): Promise<void> {
    this.#stage = 'over';
    const { execution, executionArn, startTime } = this.input;
    if (status === 'SUCCEEDED') await settleRun({ execution, executionArn, startTime, failed: false });
    cloud.executions.set(executionArn, { status, stop: new Date() });
  }

  /** Stops it wherever it is; a job whose creation is on its way is created all the same, after the first settlement. */
  async stop(): Promise<void> {
    const isStarting = this.#stage === 'admitted';
    await this.#end('ABORTED');
    await this.deliverEnd();
    if (isStarting) cloud.trainingJobs.set(this.job, { status: 'InProgress' });
  }

  async deliverEnd(): Promise<void> {
    const { execution, executionArn, startTime } = this.input;
    const ended = cloud.executions.get(executionArn);
    const detail = {
      executionArn,
      name: execution,
      status: ended?.status,
      startDate: Date.parse(startTime),
      stopDate: ended?.stop?.getTime(),
    };
    await settleRun({ detail }).catch(({ name }) => expect(name).toBe('NotReleased'));
  }
}

function endJob(name: string, status: 'Completed' | 'Stopped'): void {
  cloud.trainingJobs.set(name, { status, billableSeconds: JOB_SECONDS, trainingSeconds: JOB_SECONDS });
}

/** What a job that was asked to stop does by itself. */
function endStoppedJobs(): void {
  for (const [name, { status }] of cloud.trainingJobs) if (status === 'Stopping') endJob(name, 'Stopped');
}

function checkInvariants(runs: readonly Run[]): void {
  const stored = ledger();
  if (stored === undefined) return;
  expect(remainingUsd(stored)).toBeGreaterThanOrEqual(0n);
  for (const { input, job } of runs) {
    const status = cloud.trainingJobs.get(job)?.status;
    if (status !== 'InProgress' && status !== 'Stopping') continue;
    expect(findReservation(stored, input.execution)?.state, `${input.execution}, whose job is ${status}`).toBe(
      'reserved',
    );
  }
}

/** Picks a whole number from 0 to `most`, inclusive. */
type Pick = (most: number) => number;

/** A long and reproducible day: thousands of choices from one seed, by Knuth's linear congruential generator. */
function choices(seed: number): Pick {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * (most + 1));
  };
}

const isOpen = ({ isOver }: Run): boolean => !isOver;

/** One more execution may start; then one of those that are underway goes on, or is stopped. */
async function step(runs: Run[], now: number, pick: Pick): Promise<void> {
  const isIdle = !runs.some(isOpen);
  if (runs.length < SLOTS && (isIdle || pick(3) === 0)) {
    runs.push(new Run(slotOf(runs.length), new Date(now).toISOString()));
  }
  const underway = runs.filter(isOpen);
  const run = underway[pick(underway.length - 1)];
  await (pick(9) === 0 ? run?.stop() : run?.advance());
  checkInvariants(runs);
}

/** The end of any run is delivered, again or at last. */
async function deliverAnyEnd(runs: readonly Run[], pick: Pick): Promise<void> {
  const run = runs[pick(runs.length - 1)];
  if (run?.isOver === true) await run.deliverEnd();
  checkInvariants(runs);
}

describe('six months of slots in one day', () => {
  it('never promise more than the month has, and release nothing that is still being spent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        cloud = deploy();
        const pick = choices(seed);
        const runs: Run[] = [];
        let now = MORNING;
        while (runs.length < SLOTS || runs.some(isOpen)) {
          now += STEP_SECONDS * 1_000;
          vi.useFakeTimers({ toFake: ['Date'], now });
          await step(runs, now, pick);
          await deliverAnyEnd(runs, pick);
          if (pick(9) === 0) endStoppedJobs();
        }
        await settleEverything(runs, now);
        checkBooks(runs);
        cloud.restore();
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});

/** An hour later Lambda has repeated its settlements, or somebody has repaired the ledger. */
async function settleEverything(runs: readonly Run[], now: number): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: now + 3_600_000 });
  for (const round of ['stop', 'bill']) {
    for (const run of runs) await run.deliverEnd();
    if (round === 'stop') endStoppedJobs();
  }
}

/** Every job is in one receipt, and every receipt of an admitted run in the ledger. */
function checkBooks(runs: readonly Run[]): void {
  const stored = ledger();
  const receipts = runs.map(
    ({ input }) => cloud.s3.json(`${BUCKET}/runs/flight-delays/executions/${input.execution}/receipt.json`) as Receipt,
  );
  const jobs = receipts.flatMap(({ lines }) => lines.flatMap(({ meter, job }) => (meter.endsWith('ing') ? [job] : [])));

  expect(stored?.reservations.map(({ state }) => state)).not.toContain('reserved');
  expect(receipts.every(({ complete }) => complete)).toBe(true);
  expect(jobs.toSorted()).toEqual([...cloud.trainingJobs.keys()].toSorted());
  const claims = new Map(stored?.reservations.map((held) => [held.execution, usdToDecimal(claimOf(held))]));
  for (const { execution, billedUsd } of receipts) {
    if (claims.has(execution)) expect(claims.get(execution)).toBe(billedUsd);
  }
  expect(addUsd(...[...claims.values()].map(usd))).toBeLessThanOrEqual(usd('20'));
}
