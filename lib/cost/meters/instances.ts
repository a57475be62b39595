import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import type { PriceBook } from '../price-book.ts';
import { type Bounded, pricedLeaf, refused, sumBounded } from '../tree/bounded.ts';
import type { Factor } from '../tree/cost-node.ts';
import { type Choice, factorOf, type Limit, readLimit, readRequired } from './limit.ts';
import { dearestOf } from './meter.ts';
import { instancePriceItem, SECONDS_PER_MONTH, VOLUME_PRICE_ITEM } from './sagemaker-rates.ts';
import { elementsOf, isSet, notKnown, type Setting, settingIn, unknownOptions } from './setting.ts';

/** Instances of one type, each with its volume; null where the type has storage of its own and none is asked for. */
export interface InstanceGroup {
  readonly type: Choice;
  readonly count: Limit;
  readonly volume: Limit | null;
}

/** Groups that run together. A job has several of them where it names preferences: one is used. */
export interface Clusters {
  readonly alternatives: readonly (readonly InstanceGroup[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Families for which no EBS volume is provisioned, so that none has to be asked for.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html, VolumeSizeInGB (2026-11-20).
 */
const OWN_STORAGE = /^ml\.(g4dn|g5|p4d)\./;

const INSTANCE_TYPE = 'a literal instance type, such as ml.m5.xlarge';
const COUNT = 'a literal number of instances';
const VOLUME = 'a literal number of gigabytes';
const SECONDS_PER_HOUR = 3_600n;

const TRAINING_OPTIONS = new Set([
  'InstanceType',
  'InstanceCount',
  'VolumeSizeInGB',
  'VolumeKmsKeyId',
  'KeepAlivePeriodInSeconds',
  'InstanceGroups',
  'InstancePreferences',
]);
const PREFERENCE_OPTIONS = new Set(['InstanceType', 'InstanceCount']);
const GROUP_OPTIONS = new Set([...PREFERENCE_OPTIONS, 'InstanceGroupName']);
const PROCESSING_OPTIONS = new Set([
  'InstanceType',
  'InstanceCount',
  'VolumeSizeInGB',
  'VolumeKmsKeyId',
  'InstancePreferences',
]);
const TUNING_OPTIONS = new Set([...TRAINING_OPTIONS, 'AllocationStrategy', 'InstanceConfigs']);

/** `ResourceConfig` of a training job: one type, groups that run together, or preferences of which one is used. */
export const readTrainingClusters = (config: Setting): Clusters => readClusters(config, TRAINING_OPTIONS);

/** `ProcessingResources.ClusterConfig` of a processing job. */
export const readProcessingClusters = (config: Setting): Clusters => readClusters(config, PROCESSING_OPTIONS);

/** `HyperParameterTuningResourceConfig` of a tuning job: one configuration, or several of which each job uses one. */
export function readTuningClusters(config: Setting): Clusters {
  const configs = elementsOf(settingIn(config, 'InstanceConfigs'));
  if (configs === undefined) return readClusters(config, TUNING_OPTIONS);
  const alternatives = configs.map((each) => [readGroup({ each, config: each })]);
  return { alternatives: [...alternatives, ...ownGroup(config)], diagnostics: unknownOptions(config, TUNING_OPTIONS) };
}

/** Where a job names its instances in several ways, which of them counts is not documented: each may. */
function readClusters(config: Setting, known: ReadonlySet<string>): Clusters {
  const groups = settingIn(config, 'InstanceGroups');
  const preferences = settingIn(config, 'InstancePreferences');
  const cluster = (elementsOf(groups) ?? []).map((each) => readGroup({ each, config }));
  const preferred = (elementsOf(preferences) ?? []).map((each) => [readGroup({ each, config })]);
  const named = [...(cluster.length > 0 ? [cluster] : []), ...preferred];
  const unknown = [groups, preferences].flatMap((setting) => notKnown(setting, 'name one InstanceType') ?? []);
  const isOpen = notKnown(config, '') === undefined && unknown.length > 0;
  return {
    alternatives: named.length > 0 ? [...named, ...ownGroup(config)] : [[readGroup({ each: config, config })]],
    diagnostics: [
      ...unknownOptions(config, known),
      ...optionsOf(groups, GROUP_OPTIONS),
      ...optionsOf(preferences, PREFERENCE_OPTIONS),
      ...(isOpen ? unknown : []),
    ],
  };
}

/** The instances that a job names beside groups, preferences or configurations. */
const ownGroup = (config: Setting): Clusters['alternatives'] =>
  isSet(settingIn(config, 'InstanceType')) ? [[readGroup({ each: config, config })]] : [];

const optionsOf = (list: Setting, known: ReadonlySet<string>): readonly Diagnostic[] =>
  (elementsOf(list) ?? []).flatMap((element) => unknownOptions(element, known));

/** A count that an entry does not name is that of the whole job; the volume is always that of the whole job. */
function readGroup({ each, config }: { readonly each: Setting; readonly config: Setting }): InstanceGroup {
  const own = settingIn(each, 'InstanceCount');
  const type = readRequired(settingIn(each, 'InstanceType'), INSTANCE_TYPE);
  const volume = settingIn(config, 'VolumeSizeInGB');
  const hasOwnStorage = !isSet(volume) && OWN_STORAGE.test(type.value ?? '');
  return {
    type,
    count: readLimit(isSet(own) ? own : settingIn(config, 'InstanceCount'), { expected: COUNT }),
    volume: hasOwnStorage ? null : readLimit(volume, { expected: VOLUME }),
  };
}

/** The dearest alternative: all of its instances and volumes for `seconds`. */
export function boundClusters({ alternatives, diagnostics }: Clusters, seconds: Limit, context: CostContext): Bounded {
  const dearest = dearestOf(alternatives.map((groups) => boundGroups(groups, seconds, context)));
  return { node: dearest.node, diagnostics: [...diagnostics, ...dearest.diagnostics] };
}

function boundGroups(groups: readonly InstanceGroup[], seconds: Limit, context: CostContext): Bounded {
  const [first, ...others] = groups.map((group) => boundGroup(group, seconds, context));
  if (first !== undefined && others.length === 0) return first;
  const label = `${groups.map(describe).join(' and ')} for at most ${seconds.value} s`;
  return sumBounded(label, seconds.at, first === undefined ? [] : [first, ...others]);
}

const describe = ({ type, count }: InstanceGroup): string => `${count.value} x ${type.value ?? 'instances'}`;

function boundGroup(group: InstanceGroup, seconds: Limit, { book }: CostContext): Bounded {
  const { type, count, volume } = group;
  const label = `${describe(group)} for at most ${seconds.value} s`;
  const time = factorOf('seconds until the stop is over', seconds);
  const own = [...type.diagnostics, ...count.diagnostics, ...(volume?.diagnostics ?? [])];
  if (type.value === undefined) return refused(label, type.at, own);
  const item = instancePriceItem(type.value);
  const factors = [factorOf('InstanceCount', count), time];
  const instances = pricedLeaf(
    { label, at: seconds.at, item, itemAt: type.at, factors, divisor: SECONDS_PER_HOUR },
    book,
  );
  const parts = volume === null ? [instances] : [instances, boundVolume(volume, factors, book)];
  const { node, diagnostics } = sumBounded(label, seconds.at, parts);
  return { node, diagnostics: [...own, ...diagnostics] };
}

function boundVolume(volume: Limit, factors: readonly Factor[], book: PriceBook): Bounded {
  return pricedLeaf(
    {
      label: `${volume.value} GB of each instance`,
      at: volume.at,
      item: VOLUME_PRICE_ITEM,
      factors: [factorOf('VolumeSizeInGB', volume), ...factors],
      divisor: BigInt(SECONDS_PER_MONTH),
    },
    book,
  );
}
