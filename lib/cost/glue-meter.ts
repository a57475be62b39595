import { scaleUsd, type Usd, usdToDecimal } from '../units/usd.ts';
import { type CostNode, leaf } from './cost-node.ts';
import { type PriceBook, priceOf } from './price-book.ts';
import type { Refusal } from './refusal.ts';
import type { TemplateResource } from './template.ts';

/** Data processing units of one worker. Source: https://docs.aws.amazon.com/glue/latest/dg/add-job.html (2026-11-20). */
const DPU_PER_WORKER: Readonly<Record<string, number>> = {
  'G.1X': 1,
  'G.2X': 2,
  'G.4X': 4,
  'G.8X': 8,
  'G.12X': 12,
  'G.16X': 16,
};

/** Price of a DPU-hour per Glue version. Source: https://aws.amazon.com/glue/pricing (2026-11-20). */
const STANDARD_PRICE: Readonly<Record<string, string>> = {
  '6.0': 'glue.etl.standard.v6_0',
  '5.1': 'glue.etl.standard.v5_1_and_earlier',
  '5.0': 'glue.etl.standard.v5_1_and_earlier',
  '4.0': 'glue.etl.standard.v5_1_and_earlier',
};

const SECONDS_PER_HOUR = 3_600;
/** A run is billed for a minute at least. Source: https://aws.amazon.com/glue/pricing (2026-11-20). */
export const GLUE_MINIMUM_SECONDS = 60;

/** What one run of a Glue job is billed for `dpuSeconds`, before the minimum. */
export function glueUsd(dpuSeconds: number, pricePerDpuHour: Usd): Usd {
  return scaleUsd(pricePerDpuHour, Math.ceil(dpuSeconds), SECONDS_PER_HOUR);
}

/** DPUs of `workers` workers of a type, or undefined for a type that has no known size. */
export function glueDpus(workerType: string, workers: number): number | undefined {
  const each = DPU_PER_WORKER[workerType];
  return each === undefined ? undefined : each * workers;
}

/** Name of the price of a standard DPU-hour of a Glue version, or undefined where the version is not pinned or known. */
export const gluePriceItem = (version: string): string | undefined => STANDARD_PRICE[version];

/**
 * The most that one run of the job can cost: all workers until the timeout. Auto scaling can only use fewer.
 * Refused by name: what would leave it unbounded or unpriced.
 */
export function boundGlueRun(job: TemplateResource, book: PriceBook): CostNode | readonly Refusal[] {
  const { GlueVersion, WorkerType, NumberOfWorkers, Timeout, MaxRetries, ExecutionClass, Command } =
    job.properties as Record<string, unknown>;
  const at = (property: string): string => `${job.address}.Properties.${property}`;
  const refuse = (property: string, value: unknown, fix: string): Refusal => ({
    at: at(property),
    message: `${property} is ${JSON.stringify(value) ?? 'not set'}`,
    fix,
  });
  const item = gluePriceItem(String(GlueVersion));
  const dpus = typeof NumberOfWorkers === 'number' ? glueDpus(String(WorkerType), NumberOfWorkers) : undefined;
  const refusals = [
    ...(item === undefined
      ? [refuse('GlueVersion', GlueVersion, `pin one of ${Object.keys(STANDARD_PRICE).join(', ')}`)]
      : []),
    ...(dpus === undefined
      ? [
          refuse(
            'WorkerType',
            [WorkerType, NumberOfWorkers],
            `set NumberOfWorkers and one of ${Object.keys(DPU_PER_WORKER).join(', ')}`,
          ),
        ]
      : []),
    ...(typeof Timeout === 'number' ? [] : [refuse('Timeout', Timeout, 'set a literal number of minutes')]),
    ...(MaxRetries === 0 || MaxRetries === undefined
      ? []
      : [refuse('MaxRetries', MaxRetries, 'set 0: the state machine retries')]),
    ...(ExecutionClass === undefined || ExecutionClass === 'STANDARD'
      ? []
      : [refuse('ExecutionClass', ExecutionClass, 'use STANDARD')]),
    ...(commandName(Command) === 'glueetl' ? [] : [refuse('Command', commandName(Command), 'use glueetl')]),
  ];
  if (refusals.length > 0 || item === undefined || dpus === undefined || typeof Timeout !== 'number') return refusals;
  const price = priceOf(book, item);
  const label = `${String(NumberOfWorkers)} x ${String(WorkerType)} for at most ${Timeout} min at $${usdToDecimal(price)} a DPU-hour`;
  return leaf(label, at('Timeout'), glueUsd(dpus * Math.max(Timeout * 60, GLUE_MINIMUM_SECONDS), price));
}

function commandName(command: unknown): unknown {
  return typeof command === 'object' && command !== null && 'Name' in command ? command.Name : undefined;
}
