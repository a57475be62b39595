import type { CostAssessment, CostRequest } from '../../lib/cost/assessment.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import { type CostNode, leaf, sum, times } from '../../lib/cost/tree/cost-node.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { usd } from '../../lib/units/usd.ts';

export interface AssessedRun {
  readonly workers?: number;
  readonly minutes?: number;
  readonly tries?: number;
  readonly trials?: number;
}

/** A run made by hand: a Glue job, a Map of spot trainings, a Lambda. */
export function runTree({ workers = 5, minutes = 30, tries = 2, trials = 4 }: AssessedRun = {}): CostNode {
  const machine = 'app-training/Machine';
  const job = 'app-jobs/IngestJob.Properties';
  const transition = (name: string): CostNode =>
    leaf({
      label: 'transition',
      at: `${machine}.States.${name}`,
      item: 'stepfunctions.standard.transition',
      price: usd('0.000025'),
      factors: [],
    });
  const glue = leaf({
    label: `${workers} × G.1X for at most ${minutes} min`,
    at: `${job}.Timeout`,
    item: 'glue.etl.standard.v6_0',
    price: usd('0.308'),
    factors: [
      { name: 'NumberOfWorkers', at: `${job}.NumberOfWorkers`, quantity: BigInt(workers) },
      { name: 'seconds until Timeout', at: `${job}.Timeout`, quantity: BigInt(minutes * 60) },
    ],
    divisor: 3_600n,
  });
  const trial = `${machine}.States.Train trials.ItemProcessor.States.Train trial`;
  const training = leaf({
    label: 'ml.m5.xlarge for at most 3,720 s',
    at: `${trial}.Arguments.StoppingCondition.MaxWaitTimeInSeconds`,
    item: 'sagemaker.training.ml.m5.xlarge',
    price: usd('0.23'),
    factors: [
      {
        name: 'seconds until MaxWait and its stop',
        at: `${trial}.Arguments.StoppingCondition.MaxWaitTimeInSeconds`,
        quantity: 3_720n,
      },
    ],
    divisor: 3_600n,
  });
  return sum('one execution', machine, [
    sum('Ingest and check', `${machine}.States.Ingest and check`, [
      transition('Ingest and check'),
      times(`${tries} tries`, `${machine}.States.Ingest and check.Retry`, tries, glue),
    ]),
    sum('Train trials', `${machine}.States.Train trials`, [
      transition('Train trials'),
      times(
        `${trials} items`,
        `${machine}.States.Train trials.Items`,
        trials,
        times('2 tries', `${trial}.Retry`, 2, training),
      ),
    ]),
    sum('Settle run', `${machine}.States.Settle run`, [transition('Settle run')]),
  ]);
}

/** An assessment made by hand, with two budgets, a schedule of 31 runs and a key. */
export function assessmentOf(run: CostNode = runTree(), { runBudget = '6', monthBudget = '200' } = {}): CostAssessment {
  const key = leaf({
    label: 'KMS key',
    at: 'app-storage/Key',
    item: 'kms.key',
    price: usd('1'),
    factors: [],
  });
  const month = sum('one month', 'app-schedule/Retrain', [
    times('31 starts', 'app-schedule/Retrain.Properties.ScheduleExpression', 31, run),
    key,
  ]);
  const [runUsd, monthUsd] = [usd(runBudget), usd(monthBudget)];
  return {
    verdict: run.usd > runUsd || month.usd > monthUsd ? 'over-budget' : 'bounded',
    region: 'us-east-1',
    compiledOn: '2026-11-20',
    run: { usd: run.usd, budget: runUsd, tree: run },
    month: { usd: month.usd, budget: monthUsd, tree: month },
    machines: [{ machine: 'app-training/Machine', usd: run.usd, budget: runUsd, tree: run, startsPerMonth: 31 }],
    expected: [
      {
        at: 'app-training/Machine.States.Train trials.ItemProcessor.States.Train trial',
        checkpointSeconds: 60,
        expectedSeconds: 1_823.4,
        expectedUsd: usd('0.0467'),
        boundUsd: usd('0.237666666667'),
      },
    ],
    diagnostics: [],
    declared: [
      {
        name: 'log-gigabytes',
        description: 'what jobs and functions write to their logs',
        unit: 'GB',
        quantity: null,
        usd: null,
      },
    ],
    assumptions: [
      {
        name: 'no-redrive',
        statement: 'nobody redrives an execution',
        resolution: 'the templates deny it to every role that they make',
      },
    ],
  };
}

/** What an assessment is that found problems. */
export function refusedAssessment(...diagnostics: readonly Diagnostic[]): CostAssessment {
  const assessment = assessmentOf();
  return {
    ...assessment,
    verdict: 'unbounded',
    run: { ...assessment.run, usd: null, tree: null },
    month: { ...assessment.month, usd: null, tree: null },
    machines: [],
    expected: [],
    diagnostics,
  };
}

export const problem = (code: CostDiagnosticCode, at = 'app-jobs/IngestJob.Properties.Timeout'): Diagnostic =>
  costDiagnostic(code, { at, message: 'is not set', fix: 'set Timeout to a literal number of minutes' });

/** What is asked of an assessment, where only the stacks matter. */
export const REQUEST: Omit<CostRequest, 'stacks'> = {
  book: { version: 1, region: 'us-east-1', currency: 'USD', compiledOn: '2026-11-20', prices: [] },
  parameters: {},
  accepted: new Set(),
  quantities: {},
  budget: {},
  spot: { interruptionsPerHour: 0.15, saving: 0.6 },
  today: '2026-11-21',
};
