import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ledgerCommand } from '../../../cli/ledger-command.ts';
import flights from '../../../examples/flights/pipeline.ts';
import type { Ledger, Receipt, Reservation } from '../../../lib/contracts/ledger.ts';
import { ledgerKey, receiptKey } from '../../../lib/contracts/object-keys.ts';
import { executionName } from '../../../lib/contracts/run-input.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { stageAssets } from '../../../local/assembly/stage-assets.ts';
import type { JsonService } from '../../../local/endpoint/json-service.ts';
import { ServiceError } from '../../../local/endpoint/service-error.ts';
import type { RepairedReservation } from '../../../local/ledger/repair.ts';
import { writeJsonFile } from '../../../local/state/json-file.ts';
import type { RunRecord } from '../../../local/state/run-store.ts';
import { stateDirectory } from '../../../local/state/state-directory.ts';
import { PipelineStacks } from '../../../stacks/pipeline-stacks.ts';
import { ADMINISTRATOR, localEndpoint, SESSION_TOKEN } from '../../support/local-endpoint.ts';
import { quietApp } from '../../support/synthesized-example.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// Level: the command with the bundle of the settlement function, over files and over a loopback endpoint.

const MONTH = '2026-10';
const SLOT = '2001-07-01T08:00:00Z';
const HOUR = 3_600_000;

let assembly: string;
beforeAll(() => {
  const app = quietApp();
  new PipelineStacks(app, flights);
  assembly = app.synth().directory;
});
afterAll(() => rm(assembly, { recursive: true }));

const arnOf = (account: string, execution: string): string =>
  `arn:aws:states:us-east-1:${account}:execution:flight-delays:${execution}`;

function reservation(account: string, attempt: number): Reservation {
  const execution = executionName(SLOT, attempt);
  return {
    execution,
    executionArn: arnOf(account, execution),
    startTime: '2026-10-20T10:00:00.000Z',
    boundUsd: '5.5',
    state: 'reserved',
    billedUsd: null,
  };
}

const ledgerWith = (...reservations: readonly Reservation[]): Ledger => ({
  version: 1,
  pipeline: 'flight-delays',
  month: MONTH,
  budgetUsd: '200',
  reservations,
});

interface Answer {
  readonly exitCode: number;
  readonly output: string;
  readonly reservations: readonly RepairedReservation[];
}

async function ledger(directory: string, ...args: readonly string[]): Promise<Answer> {
  let output = '';
  const terminal = {
    write: (text: string): void => {
      output += text;
    },
    report: () => undefined,
    isInteractive: false,
    columns: 100,
  };
  const exitCode = await ledgerCommand.execute(args, { directory, terminal });
  const reservations = args.includes('--json') ? (JSON.parse(output).reservations ?? []) : [];
  return { exitCode, output, reservations };
}

describe('the ledger of local runs', () => {
  const BUCKET = 'flight-delays-data-000000000000-us-east-1';

  interface Project {
    readonly folder: string;
    readonly read: <Document>(key: string) => Promise<Document>;
  }

  /** A project whose runs left these records, and a reservation each. */
  async function project(...records: readonly Pick<RunRecord, 'status' | 'stopTime'>[]): Promise<Project> {
    const folder = await temporaryFolder();
    const state = stateDirectory(folder);
    await cp(assembly, state.assembly, { recursive: true });
    const held = records.map((_, attempt) => reservation('000000000000', attempt));
    for (const [attempt, record] of records.entries()) {
      const execution = executionName(SLOT, attempt);
      const known = { version: 1, execution, arn: arnOf('000000000000', execution), startTime: '2026-10-20T10:00:00Z' };
      const rest = { pipeline: 'flight-delays', input: {}, output: null, states: [] };
      await writeJsonFile(state.executionOf(execution).record, { ...known, ...rest, ...record });
    }
    const lake = join(state.objects, BUCKET);
    if (held.length > 0) await writeJsonFile(join(lake, ledgerKey('flight-delays', MONTH)), ledgerWith(...held));
    const read = async <Document>(key: string): Promise<Document> =>
      JSON.parse(await readFile(join(lake, key), 'utf8'));
    return { folder, read };
  }

  test('is shown by month', async () => {
    const { folder } = await project({ status: 'ABORTED', stopTime: '2026-10-20T11:00:00Z' });

    const { exitCode, output } = await ledger(folder, 'show');

    expect(exitCode).toBe(0);
    expect(output).toContain('$200.00 budget: $0.00 billed, $5.50 held, $194.50 left');
    expect(output).toMatch(/2001-07-01T08-00-00Z-0 {2}reserved +\$5\.50/);
  });

  test('that holds nothing needs no repair, also where there is none', async () => {
    const { folder } = await project();

    expect(await ledger(folder, 'repair')).toMatchObject({ exitCode: 0, output: /^nothing is held in / });
    expect((await ledger(folder, 'show')).output).toContain('nothing was reserved yet');
  });

  test('is only looked at without --yes', async () => {
    const { folder, read } = await project({ status: 'ABORTED', stopTime: '2026-10-20T11:00:00Z' });
    const before = await read(ledgerKey('flight-delays', MONTH));

    const { exitCode, output } = await ledger(folder, 'repair');

    expect(exitCode).toBe(3);
    expect(output).toMatch(/would settle +it ended ABORTED at 2026-10-20T11:00:00\.000Z/);
    expect(output).toContain('nothing was changed; next: the same command with --yes');
    expect(await read(ledgerKey('flight-delays', MONTH))).toEqual(before);
  });

  test('is settled with receipts, but for what may still be spent', { timeout: 120_000 }, async () => {
    const justNow = new Date(Date.now() - 1_000).toISOString();
    const { folder, read } = await project(
      { status: 'FAILED', stopTime: '2026-10-20T11:00:00Z' },
      { status: 'ABORTED', stopTime: justNow },
      // What a killed shell leaves behind: it is ended by the repair, just now.
      { status: 'RUNNING', stopTime: null },
    );

    const { exitCode, reservations } = await ledger(folder, 'repair', '--yes', '--json');

    expect(exitCode).toBe(3);
    expect(reservations.map(({ outcome }) => outcome)).toEqual(['settled', 'held', 'held']);
    expect(reservations[1]?.reason).toContain('a job of it may appear until');
    const receipt = await read<Receipt>(receiptKey('flight-delays', executionName(SLOT, 0)));
    expect(receipt).toMatchObject({ boundUsd: '5.5', complete: true, billedUsd: reservations[0]?.billedUsd });
    expect((await read<Ledger>(ledgerKey('flight-delays', MONTH))).reservations.map(({ state }) => state)).toEqual([
      'settled',
      'reserved',
      'reserved',
    ]);
  });

  test('keeps what an execution holds that nobody knows: it may have started just before', async () => {
    const { folder } = await project({ status: 'ABORTED', stopTime: '2026-10-20T11:00:00Z' });
    const state = stateDirectory(folder);
    const held = reservation('000000000000', 7);
    const recent = { ...held, startTime: new Date(Date.now() - HOUR).toISOString() };
    await writeJsonFile(join(state.objects, BUCKET, ledgerKey('flight-delays', MONTH)), ledgerWith(recent));

    const { exitCode, reservations } = await ledger(folder, 'repair', '--yes', '--json');

    expect(exitCode).toBe(3);
    expect(reservations).toMatchObject([{ outcome: 'kept', reason: expect.stringContaining('does not know it') }]);
  });

  test.each([
    [[], 'nothing was run in this folder yet'],
    [['mend'], 'ledger does not take "mend"'],
    [['show', '--app', 'cdk.out'], '--app names an assembly that was deployed'],
    [['repair', '--yes'], 'nothing was run in this folder yet'],
  ])('%j without a project is told with its fix', async (args, message) => {
    const folder = await temporaryFolder();

    await expect(ledger(folder, ...args)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });
});

describe('the ledger of a deployed pipeline', () => {
  const ACCOUNT = '210987654321';
  const BUCKET = `flight-delays-data-${ACCOUNT}-us-east-1`;

  interface FakeAccount {
    readonly folder: string;
    readonly stopped: readonly string[];
    readonly read: <Document>(key: string) => Promise<Document>;
  }

  /** An account in which the assembly is deployed, its executions and training jobs by name. */
  async function account(
    executions: Readonly<Record<string, object>>,
    jobs: Readonly<Record<string, string>> = {},
  ): Promise<FakeAccount> {
    const stopped: string[] = [];
    const json = () => ({
      AWSStepFunctions: stepFunctions(executions),
      AWSGlue: { GetJobRuns: async () => ({ JobRuns: [] }) },
      SageMaker: sageMaker(jobs, stopped),
    });
    const { assets } = await readAssembly(assembly, ACCOUNT);
    const names = [BUCKET, ...new Set(assets.map(({ bucket }) => bucket))];
    const buckets = names.map((name) => ({ name, keyArn: null }));
    const endpoint = await localEndpoint({ json, buckets });
    await stageAssets(assets, endpoint.objects);
    const held = Object.keys(executions).map((_, attempt) => reservation(ACCOUNT, attempt));
    const path = (key: string): string => endpoint.objects.pathOf(BUCKET, key);
    await writeJsonFile(path(ledgerKey('flight-delays', MONTH)), ledgerWith(...held));
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'app'));
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', ADMINISTRATOR.name);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    vi.stubEnv('AWS_SESSION_TOKEN', SESSION_TOKEN);
    onTestFinished(() => void vi.unstubAllEnvs());
    const read = async <Document>(key: string): Promise<Document> => JSON.parse(await readFile(path(key), 'utf8'));
    return { folder, stopped, read };
  }

  const stepFunctions = (executions: Readonly<Record<string, object>>): JsonService => ({
    ListStateMachines: async () => ({
      stateMachines: [
        {
          name: 'flight-delays',
          stateMachineArn: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:flight-delays`,
          type: 'STANDARD',
          creationDate: 0,
        },
      ],
    }),
    DescribeExecution: async (_caller, { executionArn }) => {
      const execution = executions[String(executionArn).split(':').at(-1) ?? ''];
      if (execution === undefined) throw new ServiceError('ExecutionDoesNotExist', 400, String(executionArn));
      return execution;
    },
  });

  const sageMaker = (jobs: Readonly<Record<string, string>>, stopped: string[]): JsonService => ({
    ListTrainingJobs: async (_caller, { NameContains }) => ({
      TrainingJobSummaries: Object.keys(jobs)
        .filter((name) => name.includes(String(NameContains)))
        .map((TrainingJobName) => ({ TrainingJobName })),
    }),
    ListProcessingJobs: async () => ({ ProcessingJobSummaries: [] }),
    DescribeTrainingJob: async (_caller, { TrainingJobName }) => ({
      TrainingJobName: String(TrainingJobName),
      TrainingJobStatus: jobs[String(TrainingJobName)],
      BillableTimeInSeconds: 600,
      TrainingTimeInSeconds: 600,
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
    }),
    StopTrainingJob: async (_caller, { TrainingJobName }) => {
      stopped.push(String(TrainingJobName));
      return {};
    },
  });

  const ended = (status: string) => ({ status, startDate: 0, stopDate: Date.parse('2026-10-20T11:00:00Z') / 1_000 });
  const repair = (folder: string, ...args: readonly string[]) =>
    ledger(folder, 'repair', '--aws', '--app', assembly, '--json', ...args);

  test('is settled by the function of the assembly, under the credentials of the caller', {
    timeout: 120_000,
  }, async () => {
    const [first, second, third] = [0, 1, 2].map((attempt) => executionName(SLOT, attempt));
    const { folder, stopped, read } = await account(
      {
        [first ?? '']: ended('ABORTED'),
        [second ?? '']: ended('FAILED'),
        [third ?? '']: { status: 'RUNNING', startDate: 0 },
      },
      { [`flight-delays-${first}-t0-0a1b2c3d`]: 'Stopped', [`flight-delays-${second}-t0-0a1b2c3d`]: 'InProgress' },
    );

    expect((await repair(folder)).reservations.map(({ outcome }) => outcome)).toEqual([
      'would-settle',
      'would-settle',
      'kept',
    ]);
    expect(stopped).toEqual([]);
    const { exitCode, reservations } = await repair(folder, '--yes');

    expect(exitCode).toBe(3);
    expect(reservations.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['settled', 'it ended ABORTED at 2026-10-20T11:00:00.000Z'],
      ['held', expect.stringContaining('a job of it is not terminal')],
      ['kept', 'it is RUNNING'],
    ]);
    expect(stopped).toEqual([`flight-delays-${second}-t0-0a1b2c3d`]);
    const receipt = await read<Receipt>(receiptKey('flight-delays', first ?? ''));
    expect(receipt.lines[0]).toMatchObject({ meter: 'sagemaker-training', quantity: 600 });
    expect(reservations[0]?.billedUsd).toBe(receipt.billedUsd);
  });

  test('is found nowhere else than where the pipeline is deployed', async () => {
    const { folder } = await account({});
    vi.stubEnv('AWS_SESSION_TOKEN', 'of somebody else');

    await expect(repair(folder)).rejects.toMatchObject({
      code: 'aws-call-failed',
      resolution: expect.stringContaining('AWS_PROFILE'),
    });
  });
});
