import { scaleUsd, type Usd } from '../../units/usd.ts';

/** How a worker type is sized and priced. */
export interface GlueWorker {
  /** G workers are billed by DPU-hour, memory-optimized R workers by M-DPU-hour. */
  readonly family: 'G' | 'R';
  readonly dpus: number;
}

/**
 * Sizes of the worker types that run Spark jobs. Source: https://docs.aws.amazon.com/glue/latest/dg/add-job.html (2026-11-20).
 */
export const GLUE_WORKERS: Readonly<Record<string, GlueWorker>> = {
  'G.1X': { family: 'G', dpus: 1 },
  'G.2X': { family: 'G', dpus: 2 },
  'G.4X': { family: 'G', dpus: 4 },
  'G.8X': { family: 'G', dpus: 8 },
  'G.12X': { family: 'G', dpus: 12 },
  'G.16X': { family: 'G', dpus: 16 },
  'R.1X': { family: 'R', dpus: 1 },
  'R.2X': { family: 'R', dpus: 2 },
  'R.4X': { family: 'R', dpus: 4 },
  'R.8X': { family: 'R', dpus: 8 },
};

/** Versions that are billed by the second, and what their prices are called. Source: https://aws.amazon.com/glue/pricing (2026-11-20). */
const PRICE_OF_VERSION: Readonly<Record<string, 'v5_1_and_earlier' | 'v6_0'>> = {
  '2.0': 'v5_1_and_earlier',
  '3.0': 'v5_1_and_earlier',
  '4.0': 'v5_1_and_earlier',
  '5.0': 'v5_1_and_earlier',
  '5.1': 'v5_1_and_earlier',
  '6.0': 'v6_0',
};

export const GLUE_VERSIONS = Object.keys(PRICE_OF_VERSION);

export const SECONDS_PER_HOUR = 3_600;

/** A run is billed for a minute at least. Source: https://aws.amazon.com/glue/pricing (2026-11-20). */
export const GLUE_MINIMUM_SECONDS = 60;

/** Name of the price of one DPU-hour (M-DPU-hour for R workers), or undefined where AWS names none. */
export function glueRateItem(
  version: string,
  family: GlueWorker['family'],
  executionClass: 'STANDARD' | 'FLEX',
): string | undefined {
  const suffix = PRICE_OF_VERSION[version];
  if (suffix === undefined) return undefined;
  if (executionClass === 'STANDARD')
    return family === 'G' ? `glue.etl.standard.${suffix}` : `glue.etl.memory_optimized_R.${suffix}`;
  return family === 'G' && version !== '2.0' ? `glue.etl.flex.${suffix}` : undefined;
}

/** Name of the price of a standard DPU-hour of a Glue version, or undefined where the version is not pinned or known. */
export const gluePriceItem = (version: string): string | undefined => glueRateItem(version, 'G', 'STANDARD');

/** DPUs of `workers` workers of a type, or undefined for a type that has no known size. */
export function glueDpus(workerType: string, workers: number): number | undefined {
  const worker = GLUE_WORKERS[workerType];
  return worker === undefined ? undefined : worker.dpus * workers;
}

/** What one run of a Glue job is billed for `dpuSeconds`, before the minimum. */
export function glueUsd(dpuSeconds: number, pricePerDpuHour: Usd): Usd {
  return scaleUsd(pricePerDpuHour, Math.ceil(dpuSeconds), SECONDS_PER_HOUR);
}
