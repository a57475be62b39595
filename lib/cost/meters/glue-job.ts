import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, pricedLeaf, refused } from '../tree/bounded.ts';
import { times } from '../tree/cost-node.ts';
import { readGlueCapacity } from './glue-capacity.ts';
import { SECONDS_PER_HOUR } from './glue-rates.ts';
import { type GlueRun, settingOf } from './glue-run.ts';
import { type Choice, type Limit, readLimit, readRequired } from './limit.ts';
import { dearestOf, type Meter, type MeteredCall } from './meter.ts';
import { findNamed } from './named-resource.ts';
import { remembered } from './remembered.ts';
import { isSet, type Setting, settingIn, unknownOptions, unmeteredOption } from './setting.ts';

const GLUE_JOB = { types: ['AWS::Glue::Job'], nameProperty: 'Name' };

/** Properties that decide what a run costs. */
const LIMITS = [
  'Command',
  'GlueVersion',
  'WorkerType',
  'NumberOfWorkers',
  'MaxCapacity',
  'AllocatedCapacity',
  'ExecutionClass',
  'Timeout',
  'MaxRetries',
];

/** Properties that change nothing about what a run can cost at most. Queueing only makes a run wait. */
const HARMLESS = [
  'Connections',
  'DefaultArguments',
  'Description',
  'ExecutionProperty',
  'JobMode',
  'JobRunQueuingEnabled',
  'LogUri',
  'MaintenanceWindow',
  'Name',
  'NonOverridableArguments',
  'NotificationProperty',
  'Role',
  'SecurityConfiguration',
  'Tags',
];

const JOB_OPTIONS = new Set([...LIMITS, ...HARMLESS]);

/** What a task can set in the place of its job. */
const OVERRIDES = ['Timeout', 'WorkerType', 'NumberOfWorkers', 'MaxCapacity', 'AllocatedCapacity', 'ExecutionClass'];

/** What StartJobRun takes. Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html (2026-11-20). */
const RUN_OPTIONS = new Set([
  'JobName',
  'Arguments',
  'JobRunQueuingEnabled',
  'NotificationProperty',
  'SecurityConfiguration',
  'ExecutionRoleSessionPolicy',
  ...OVERRIDES,
]);

/** Seven days. Source: Glue API, StartJobRun: timeouts are less than 7 days or 10,080 minutes (2026-11-20). */
const MOST_MINUTES = 10_080;
const MOST_RETRIES = 10;

/**
 * The most that one run of a Glue job can cost: all of its workers until the timeout; auto scaling can only use fewer.
 * What a run is billed beyond its minimum of a minute is below that, as a timeout is a minute at least.
 */
export const boundGlueJobRun: Meter = (call, context) => {
  const name = settingIn(call.arguments, 'JobName');
  const { value: job, diagnostics } = findNamed(name, GLUE_JOB, context);
  if (job === undefined) return refused('Glue job run', name.at, diagnostics);
  const isOverridden = OVERRIDES.some((field) => isSet(settingIn(call.arguments, field)));
  const bound = isOverridden ? boundRuns(job, call.arguments, context) : boundOwnRuns(job, context);
  const extras = [...refuseComposedRetries(job, call, context), ...unknownOptions(call.arguments, RUN_OPTIONS)];
  return extras.length === 0 ? bound : { node: bound.node, diagnostics: [...bound.diagnostics, ...extras] };
};

/** The dearest of what a job and what its task sets in its place can be. */
function boundRuns(job: TemplateResource, task: Setting, context: CostContext): Bounded {
  const variants = context.templates.variantsOf(job, LIMITS);
  const bounds = variants.map((properties) => boundRun({ job: propertiesOf(job, properties), task }, context));
  const { node, diagnostics } = dearestOf(bounds);
  return { node, diagnostics: [...diagnostics, ...unknownOptions(propertiesOf(job, job.properties), JOB_OPTIONS)] };
}

const boundOwnRuns = remembered((job, context) => boundRuns(job, NOTHING, context));
const NOTHING: Setting = { value: {}, at: '', source: 'task' };

const propertiesOf = ({ address }: TemplateResource, value: unknown): Setting => ({
  value,
  at: `${address}.Properties`,
  source: 'template',
});

function boundRun(run: GlueRun, context: CostContext): Bounded {
  const command = readRequired(settingIn(settingIn(run.job, 'Command'), 'Name'), 'glueetl or pythonshell');
  if (command.value !== 'glueetl' && command.value !== 'pythonshell') return refuseCommand(command);
  const capacity = readGlueCapacity(run, command.value, context);
  const timeout = readTimeout(run, context);
  const retries = readRetries(run.job);
  const diagnostics = [...capacity.diagnostics, ...timeout.diagnostics, ...retries.diagnostics];
  const label = `${capacity.label} for at most ${timeout.value} min`;
  if (capacity.item === undefined) return refused(label, timeout.at, diagnostics);
  const seconds = { name: 'seconds until Timeout', at: timeout.at, quantity: BigInt(timeout.value * 60) };
  const factors = [...capacity.factors, seconds];
  const divisor = capacity.divisor * BigInt(SECONDS_PER_HOUR);
  const once = pricedLeaf(
    { label, at: timeout.at, item: capacity.item, itemAt: capacity.itemAt, factors, divisor },
    context.book,
  );
  const all = [...diagnostics, ...once.diagnostics];
  if (retries.value === 0) return { node: once.node, diagnostics: all };
  return {
    node: times(`${retries.value + 1} tries of Glue`, retries.at, retries.value + 1, once.node),
    diagnostics: all,
  };
}

function refuseCommand(command: Choice): Bounded {
  if (command.diagnostics.length > 0) return refused('Glue job run', command.at, command.diagnostics);
  const message = `is ${command.value}, whose runs no meter covers`;
  return refused('Glue job run', command.at, [unmeteredOption(command.at, message, 'use glueetl or pythonshell')]);
}

/**
 * Minutes until Glue stops a run. Without a Timeout it is 480 from Glue 5.0 on, 2,880 before.
 * Source: Glue API, StartJobRun (2026-11-20).
 */
function readTimeout(run: GlueRun, { accepted }: CostContext): Limit {
  const version = settingIn(run.job, 'GlueVersion').value;
  const recent = typeof version === 'string' && Number(version) >= 5;
  const standard = accepted.has('service-defaults') ? (recent ? 480 : 2_880) : undefined;
  return readLimit(settingOf(run, 'Timeout'), {
    expected: 'a literal number of minutes',
    most: MOST_MINUTES,
    standard,
  });
}

const readRetries = (job: Setting): Limit =>
  readLimit(settingIn(job, 'MaxRetries'), { expected: '0', least: 0, most: MOST_RETRIES, standard: 0 });

/** How retries of Glue and of the state machine compose under `.sync` is not documented. */
function refuseComposedRetries(job: TemplateResource, call: MeteredCall, context: CostContext): readonly Diagnostic[] {
  if (call.retries === 0) return [];
  return context.templates.variantsOf(job, ['MaxRetries']).flatMap((properties) => {
    const { value, at, diagnostics } = readRetries(propertiesOf(job, properties));
    if (value === 0 || diagnostics.length > 0) return [];
    const message = `is ${value}, and ${call.at} retries ${call.retries} times as well`;
    const fix = 'set MaxRetries to 0: the state machine retries';
    return [costDiagnostic('composed-retries', { at, message, fix })];
  });
}
