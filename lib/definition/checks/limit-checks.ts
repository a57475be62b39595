import { METRICS } from '../../contracts/model.ts';
import type { Gate } from '../../contracts/run-program.ts';
import { UserError } from '../../errors/user-error.ts';
import { readCrontab } from '../../schedule/cron-fields.ts';
import { tickAfter } from '../../schedule/slots.ts';
import { minutes, seconds } from '../../units/duration.ts';
import { type Usd, usdToDecimal } from '../../units/usd.ts';
import type { CronSchedule } from '../cron.ts';
import type { Definition, EvaluationLimits, GlueLimits } from '../pipeline.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';
import { checkDuration, checkMember, checkNumber } from './quantity-checks.ts';
import { checkZone } from './zone-checks.ts';

/**
 * The most workers of a job, by type; the larger types have no documented number of their own.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html (2026-11-20)
 */
const MOST_WORKERS: Readonly<Record<string, number>> = { 'G.1X': 299, 'G.2X': 149, 'G.4X': 149, 'G.8X': 149 };

/** Under seven days. Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html (2026-11-20) */
const LONGEST_GLUE_RUN = minutes(10_079);

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingStoppingCondition.html (2026-11-20) */
const LONGEST_PROCESSING = seconds(777_600);

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingClusterConfig.html (2026-11-20) */
const LARGEST_VOLUME_GB = 16_384;

const MOST_TRIES = 10;
const INSTANCE = /^ml\.[a-z][a-z0-9]*(-[a-z0-9]+)?\.(medium|large|[0-9]{0,2}xlarge)$/;

export function checkInstance(at: string, instance: unknown): Problems {
  return unless(typeof instance === 'string' && INSTANCE.test(instance), at, {
    code: 'not-allowed',
    message: `${at} == ${shown(instance)}, must be a SageMaker instance type`,
    fix: 'give a type such as ml.m5.xlarge',
  });
}

export const checkVolume = (at: string, volumeGb: unknown): Problems =>
  checkNumber(at, volumeGb, { min: 1, max: LARGEST_VOLUME_GB, whole: true });

export function checkGlue({ workerType = 'G.1X', workers, timeout }: GlueLimits): Problems {
  const mostWorkers = MOST_WORKERS[workerType] ?? Math.max(...Object.values(MOST_WORKERS));
  return [
    ...checkMember('glue.workerType', workerType, Object.keys(MOST_WORKERS)),
    ...checkNumber('glue.workers', workers, { min: 2, max: mostWorkers, whole: true }),
    ...checkDuration('glue.timeout', timeout, { min: minutes(1), max: LONGEST_GLUE_RUN, step: minutes(1) }),
  ];
}

export function checkEvaluation({ instance, maxRuntime, volumeGb }: EvaluationLimits): Problems {
  return [
    ...checkInstance('evaluate.instance', instance),
    ...checkDuration('evaluate.maxRuntime', maxRuntime, {
      min: seconds(60),
      max: LONGEST_PROCESSING,
      step: seconds(1),
    }),
    ...(volumeGb === undefined ? NO_PROBLEMS : checkVolume('evaluate.volumeGb', volumeGb)),
  ];
}

/** Tries and amounts: how often a job may be paid, and how much in all. */
export function checkBudget({ triesPerJob, bounds }: Pick<Definition, 'triesPerJob' | 'bounds'>): Problems {
  const isAmount = (amount: unknown): boolean => typeof amount === 'bigint' && amount > 0n;
  const amounts = (['run', 'month'] as const).flatMap((name) =>
    unless(isAmount(bounds[name]), `bounds.${name}`, {
      code: 'out-of-range',
      message: `bounds.${name} == ${shownAmount(bounds[name])}, must be an amount above zero with at most 12 decimal places`,
      fix: 'give an amount such as usd(6)',
    }),
  );
  return [
    ...checkNumber('triesPerJob', triesPerJob, { min: 1, max: MOST_TRIES, whole: true }),
    ...amounts,
    ...unless(amounts.length > 0 || bounds.run <= bounds.month, 'bounds.run', {
      code: 'out-of-range',
      message: `bounds.run == ${shownAmount(bounds.run)}, bounds.month == ${shownAmount(bounds.month)}: no run could start`,
      fix: 'raise bounds.month to what its runs may cost together, or lower bounds.run',
    }),
  ];
}

const shownAmount = (amount: Usd): string => (typeof amount === 'bigint' ? usdToDecimal(amount) : shown(amount));

export function checkGate(at: string, gate: Gate): Problems {
  switch (gate?.kind) {
    case 'exceeds-base-rate':
      return [
        ...checkMember(`${at}.metric`, gate.metric, ['pr_auc']),
        ...checkNumber(`${at}.by`, gate.by, { min: 0, max: 1 }),
      ];
    case 'no-worse-than-champion':
      return checkMember(`${at}.metric`, gate.metric, METRICS);
    default:
      return problem(at, {
        code: 'not-allowed',
        message: `${shown(gate)} is no gate`,
        fix: 'use exceedsBaseRate(…) or noWorseThanChampion(…)',
      });
  }
}

export function checkSchedule({ fields, zone }: CronSchedule): Problems {
  const zoneProblems = checkZone('schedule.zone', zone);
  try {
    const crontab = readCrontab(String(fields));
    if (zoneProblems.length === 0) tickAfter({ fields: crontab, zone }, 0);
    return zoneProblems;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const cronProblems = problem('schedule', { code: error.code, message: error.message, fix: error.resolution });
    return [...zoneProblems, ...cronProblems];
  }
}
