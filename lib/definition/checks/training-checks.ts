import { METRICS } from '../../contracts/model.ts';
import { assertNever } from '../../errors/fault.ts';
import { days, formatDuration, seconds } from '../../units/duration.ts';
import type { Spot, Training } from '../model.ts';
import type { Domain } from '../search-space.ts';
import { type ParameterRule, XGBOOST_PARAMETERS } from '../xgboost-parameters.ts';
import { checkInstance, checkVolume } from './limit-checks.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';
import { checkDuration, checkMember, checkNumber } from './quantity-checks.ts';

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html (2026-11-20) */
const LONGEST_TRAINING = days(28);

const OBJECTIVES = ['binary:logistic'];
const MOST_TRIALS = 100;
const MOST_ROUNDS = 100_000;
const LARGEST_SEED = 2_147_483_647;

const RULES: Readonly<Record<string, ParameterRule>> = XGBOOST_PARAMETERS;

export function checkTraining(training: Training): Problems {
  const { rounds, trials, seed, spot, maxRuntime } = training;
  return [
    ...checkMember('train.objective', training.objective, OBJECTIVES),
    ...checkNumber('train.rounds', rounds, { min: 1, max: MOST_ROUNDS, whole: true }),
    ...checkNumber('train.trials', trials, { min: 1, max: MOST_TRIALS, whole: true }),
    ...checkNumber('train.concurrency', training.concurrency, { min: 1, max: MOST_TRIALS, whole: true }),
    ...checkNumber('train.seed', seed, { min: 0, max: LARGEST_SEED, whole: true }),
    ...checkMember('train.selectBy', training.selectBy, METRICS),
    ...checkInstance('train.instance', training.instance),
    ...checkVolume('train.volumeGb', training.volumeGb),
    ...checkDuration('train.maxRuntime', maxRuntime, { min: seconds(60), max: LONGEST_TRAINING, step: seconds(1) }),
    ...(spot === undefined ? NO_PROBLEMS : checkSpot(spot, training)),
    ...checkParameters(training),
    ...unless(trials === 1 || Object.keys(training.search).length > 0, 'train.search', {
      code: 'missing',
      message: `${shown(trials)} trials and nothing to search: all would be alike`,
      fix: 'add a parameter, such as max_depth: choice(4, 6, 8), or set trials: 1',
    }),
  ];
}

function checkSpot({ maxWait, segment }: Spot, { rounds, maxRuntime }: Training): Problems {
  return [
    ...checkDuration('train.spot.maxWait', maxWait, { min: seconds(60), max: LONGEST_TRAINING, step: seconds(1) }),
    ...unless(!(maxWait < maxRuntime), 'train.spot.maxWait', {
      code: 'out-of-range',
      message: `train.spot.maxWait == ${formatDuration(maxWait)}, must be train.maxRuntime == ${formatDuration(maxRuntime)} or more`,
      fix: 'give at least maxRuntime; what is above it is time to wait for capacity',
    }),
    ...checkNumber('train.spot.segment', segment?.count, { min: 1, max: rounds, whole: true }),
  ];
}

function checkParameters({ search, parameters }: Training): Problems {
  const searched = Object.entries(search).flatMap(([name, domain]) =>
    checkParameter(`train.search.${name}`, name, (at, rule) => checkDomain(at, domain, rule)),
  );
  const fixed = Object.entries(parameters).flatMap(([name, value]) =>
    checkParameter(`train.parameters.${name}`, name, (at, rule) => checkValue(at, value, rule)),
  );
  const both = Object.keys(parameters).filter((name) => Object.hasOwn(search, name));
  return [
    ...searched,
    ...fixed,
    ...both.flatMap((name) =>
      problem(`train.parameters.${name}`, {
        code: 'duplicate',
        message: `${name} is fixed and searched`,
        fix: 'keep it in one of parameters and search',
      }),
    ),
  ];
}

function checkParameter(at: string, name: string, check: (at: string, rule: ParameterRule) => Problems): Problems {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule !== undefined) return check(at, rule);
  const known = Object.keys(RULES).join(', ');
  return problem(at, {
    code: 'unknown-parameter',
    message: `XGBoost parameter ${name} is unknown`,
    fix: `use one of ${known}`,
  });
}

function checkDomain(at: string, domain: Domain, rule: ParameterRule): Problems {
  switch (domain?.kind) {
    case 'choice':
      return [
        ...unless(domain.values.length > 0, at, {
          code: 'missing',
          message: 'choice() names no value',
          fix: 'name the values to choose from',
        }),
        ...domain.values.flatMap((value) => checkValue(at, value, rule)),
      ];
    case 'uniform':
    case 'log-uniform':
    case 'integers':
      return checkRange(at, domain, rule);
    case undefined:
      return notADomain(at, domain);
    default:
      return assertNever(domain);
  }
}

type Range = Exclude<Domain, { readonly kind: 'choice' }>;

function checkRange(at: string, { kind, min, max }: Range, rule: ParameterRule): Problems {
  const isWhole = kind === 'integers';
  return [
    ...unless(rule.type === 'real' || (rule.type === 'integer' && isWhole), at, {
      code: 'wrong-type',
      message: `${kind}(${shown(min)}, ${shown(max)}) does not fit a parameter that is ${ruleText(rule)}`,
      fix: rule.type === 'integer' ? 'use integers(…) or choice(…)' : 'use choice(…)',
    }),
    ...[min, max].flatMap((end) =>
      checkValue(at, end, isWhole && rule.type === 'real' ? { ...rule, type: 'integer' } : rule),
    ),
    ...unless(min < max && (kind !== 'log-uniform' || min > 0), at, {
      code: 'out-of-range',
      message: `${kind}(${shown(min)}, ${shown(max)}) is no range`,
      fix: `give the smaller number first${kind === 'log-uniform' ? ', above zero' : ''}`,
    }),
  ];
}

function checkValue(at: string, value: unknown, rule: ParameterRule): Problems {
  return unless(isAllowed(value, rule), at, {
    code: 'out-of-range',
    message: `${at} has ${shown(value)}, must be ${ruleText(rule)}`,
    fix: `use ${ruleText(rule)}`,
  });
}

function isAllowed(value: unknown, rule: ParameterRule): boolean {
  if (rule.type === 'word') return typeof value === 'string' && rule.values.includes(value);
  if (typeof value !== 'number' || !(value <= rule.max)) return false;
  if (rule.type === 'integer' && !Number.isInteger(value)) return false;
  return rule.openMin ? value > rule.min : value >= rule.min;
}

function ruleText(rule: ParameterRule): string {
  if (rule.type === 'word') return `one of ${rule.values.join(', ')}`;
  const kind = rule.type === 'integer' ? 'a whole number' : 'a number';
  return `${kind} ${rule.openMin ? 'above' : 'from'} ${rule.min}, at most ${rule.max}`;
}

function notADomain(at: string, value: unknown): Problems {
  return problem(at, {
    code: 'wrong-type',
    message: `${at} == ${shown(value)}, must be a range or a choice`,
    fix: 'use choice(…), uniform(…), logUniform(…) or integers(…), or move the value to parameters',
  });
}
