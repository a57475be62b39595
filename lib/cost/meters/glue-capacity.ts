import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { Factor } from '../tree/cost-node.ts';
import { GLUE_VERSIONS, GLUE_WORKERS, type GlueWorker, glueRateItem } from './glue-rates.ts';
import { type GlueRun, settingOf } from './glue-run.ts';
import { type Choice, factorOf, readChoice, readLimit, readRequired } from './limit.ts';
import { isSet, malformed, notKnown, type Setting, settingIn, unmeteredOption } from './setting.ts';

/** What a run holds, and what a DPU-hour of it costs. */
export interface GlueCapacity {
  readonly label: string;
  /** Row of the price book; undefined beside a diagnostic. */
  readonly item: string | undefined;
  /** The property that selects it. */
  readonly itemAt: string;
  readonly factors: readonly Factor[];
  /** DPUs are the product of the factors divided by this. */
  readonly divisor: bigint;
  readonly diagnostics: readonly Diagnostic[];
}

/** Fractions of a DPU are counted in ten-thousandths: the smallest is 0.0625. */
const PER_DPU = 10_000;
const SPARK_CAPACITIES = { least: 2, most: 100, standard: 10, expected: 'a literal number of DPUs from 2 to 100' };
const SHELL_CAPACITIES = [0.0625, 1];
const WORKER_TYPES = `one of ${Object.keys(GLUE_WORKERS).join(', ')}`;
const VERSIONS = `one of ${GLUE_VERSIONS.join(', ')}`;

export function readGlueCapacity(run: GlueRun, command: 'glueetl' | 'pythonshell', context: CostContext): GlueCapacity {
  if (command === 'pythonshell') return readShellCapacity(run, context);
  const version = readVersion(settingIn(run.job, 'GlueVersion'));
  const executionClass = readExecutionClass(settingOf(run, 'ExecutionClass'));
  const { family, ...capacity } = readSparkCapacity(run, context);
  const rate = [version, executionClass, family].every(({ value }) => value !== undefined)
    ? glueRateItem(
        version.value ?? '',
        family.value === 'R' ? 'R' : 'G',
        executionClass.value === 'FLEX' ? 'FLEX' : 'STANDARD',
      )
    : undefined;
  const known = [version, executionClass, family].flatMap(({ diagnostics }) => diagnostics);
  const noRate = known.length === 0 && rate === undefined ? [refuseFlex(executionClass)] : [];
  const chosen = executionClass.value === 'FLEX' ? executionClass : family.value === 'R' ? family : version;
  return { ...capacity, item: rate, itemAt: chosen.at, diagnostics: [...known, ...capacity.diagnostics, ...noRate] };
}

type SparkCapacity = Omit<GlueCapacity, 'item' | 'itemAt'> & { readonly family: Choice };

function readSparkCapacity(run: GlueRun, context: CostContext): SparkCapacity {
  const workers = settingOf(run, 'WorkerType');
  const capacity = capacitySetting(run);
  if (!isSet(workers) && !isSet(settingOf(run, 'NumberOfWorkers'))) {
    const dpus = readDpus(capacity, context);
    return { ...dpus, diagnostics: [...dpus.diagnostics, ...refuseBothNames(run)] };
  }
  const both = isSet(capacity)
    ? [unmeteredOption(capacity.at, 'is set beside WorkerType: which of both counts is not documented', 'leave it out')]
    : [];
  const count = readLimit(settingOf(run, 'NumberOfWorkers'), { expected: 'a literal number of workers' });
  const { worker, ...type } = readWorker(workers);
  const each = { name: 'DPU per worker', at: type.at, quantity: BigInt(worker.dpus) };
  return {
    label: `${count.value} x ${type.value ?? 'workers'}`,
    factors: [factorOf('NumberOfWorkers', count), each],
    divisor: 1n,
    family: { ...type, value: type.value === undefined ? undefined : worker.family },
    diagnostics: [...count.diagnostics, ...both],
  };
}

/** The older form: a number of DPUs, of G workers. Source: Glue API, StartJobRun, MaxCapacity (2026-11-20). */
function readDpus(setting: Setting, { accepted }: CostContext): SparkCapacity {
  const { standard, ...range } = SPARK_CAPACITIES;
  const isDefault = accepted.has('service-defaults');
  const dpus = readLimit(setting, { ...range, standard: isDefault ? standard : undefined });
  return {
    label: `${dpus.value} DPUs`,
    factors: [factorOf('DPUs', dpus)],
    divisor: 1n,
    family: { value: 'G', at: dpus.at, diagnostics: [] },
    diagnostics: dpus.diagnostics,
  };
}

/** A shell holds 0.0625 DPU unless 1 is asked for. Source: Glue API, StartJobRun, MaxCapacity (2026-11-20). */
function readShellCapacity(run: GlueRun, { accepted }: CostContext): GlueCapacity {
  const setting = capacitySetting(run);
  const given = isSet(setting) || !accepted.has('service-defaults') ? setting.value : SHELL_CAPACITIES[0];
  const dpus = Number(given);
  const isKnown = typeof given !== 'object' && SHELL_CAPACITIES.includes(dpus);
  return {
    label: `a Python shell of ${isKnown ? dpus : 'unknown'} DPU`,
    item: 'glue.python_shell',
    itemAt: settingIn(run.job, 'Command').at,
    factors: [{ name: 'ten-thousandths of a DPU', at: setting.at, quantity: isKnown ? BigInt(dpus * PER_DPU) : 0n }],
    divisor: BigInt(PER_DPU),
    diagnostics: [...(isKnown ? [] : [refuseShell(setting)]), ...refuseBothNames(run)],
  };
}

function refuseShell(setting: Setting): Diagnostic {
  const fix = 'set MaxCapacity to 0.0625 or 1';
  const missing = costDiagnostic('missing-limit', { at: setting.at, message: 'is not set', fix });
  return notKnown(setting, fix) ?? (isSet(setting) ? malformed(setting, '0.0625 or 1') : missing);
}

/** `MaxCapacity`, or its older name. */
function capacitySetting(run: GlueRun): Setting {
  const allocated = settingOf(run, 'AllocatedCapacity');
  return isSet(allocated) ? allocated : settingOf(run, 'MaxCapacity');
}

/** A job may have one name of its capacity, and its task the other. */
function refuseBothNames(run: GlueRun): readonly Diagnostic[] {
  const allocated = settingOf(run, 'AllocatedCapacity');
  if (!isSet(allocated) || !isSet(settingOf(run, 'MaxCapacity'))) return [];
  const message = 'is set beside MaxCapacity: which of both counts is not documented';
  return [unmeteredOption(allocated.at, message, 'leave it out')];
}

function readWorker(setting: Setting): Choice & { readonly worker: GlueWorker } {
  const type = readRequired(setting, WORKER_TYPES);
  const worker = GLUE_WORKERS[type.value ?? ''];
  if (worker !== undefined) return { ...type, worker };
  const unsized = unmeteredOption(type.at, `is ${type.value}, which no meter covers`, `use ${WORKER_TYPES}`);
  const diagnostics = type.value === undefined ? type.diagnostics : [unsized];
  return { ...type, value: undefined, worker: { family: 'G', dpus: 1 }, diagnostics };
}

/** A version that is not pinned has no price: AWS itself names different defaults. */
function readVersion(setting: Setting): Choice {
  const version = readChoice(setting, VERSIONS);
  if (version.diagnostics.length > 0 || GLUE_VERSIONS.includes(version.value ?? '')) return version;
  const { at } = setting;
  const diagnostic =
    version.value === undefined || version.value === 'auto'
      ? costDiagnostic('unpinned-version', { at, message: `is ${version.value ?? 'not set'}`, fix: `pin ${VERSIONS}` })
      : unmeteredOption(at, `is ${version.value}, which no meter covers`, `pin ${VERSIONS}`);
  return { ...version, value: undefined, diagnostics: [diagnostic] };
}

function readExecutionClass(setting: Setting): Choice {
  const choice = readChoice(setting, 'STANDARD or FLEX');
  if (choice.diagnostics.length > 0) return choice;
  const value = choice.value ?? 'STANDARD';
  if (value === 'STANDARD' || value === 'FLEX') return { ...choice, value };
  return { ...choice, value: undefined, diagnostics: [malformed(setting, 'STANDARD or FLEX')] };
}

const refuseFlex = ({ at }: Choice): Diagnostic =>
  unmeteredOption(at, 'is FLEX, which has no price for this version or worker type', 'set ExecutionClass to STANDARD');
