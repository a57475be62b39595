import type { CostContext } from '../cost-context.ts';
import { type Bounded, pricedLeaf, refused, sumBounded } from '../tree/bounded.ts';
import { COLD_START_SECONDS, lambdaPriceItem, MEGABYTES_PER_GIGABYTE } from './lambda-rates.ts';
import { factorOf, type Limit, readLimit } from './limit.ts';
import { dearestOf } from './meter.ts';
import { remembered } from './remembered.ts';
import { requestLeaf } from './request-leaf.ts';
import {
  elementsOf,
  isSet,
  malformed,
  notKnown,
  type Setting,
  settingIn,
  unknownOptions,
  unmeteredOption,
} from './setting.ts';

/** Properties that decide what an invocation costs. */
const LIMITS = ['MemorySize', 'Timeout', 'Architectures', 'EphemeralStorage', 'SnapStart'];

/** Properties that add nothing to what an invocation costs at most. Source: AWS::Lambda::Function (2026-11-20). */
const HARMLESS = [
  'Code',
  'CodeSigningConfigArn',
  'DeadLetterConfig',
  'Description',
  'Environment',
  'FileSystemConfigs',
  'FunctionName',
  'Handler',
  'ImageConfig',
  'KmsKeyArn',
  'Layers',
  'LoggingConfig',
  'PackageType',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'RuntimeManagementConfig',
  'Tags',
  'TracingConfig',
  'VpcConfig',
];

const FUNCTION_OPTIONS = new Set([...LIMITS, ...HARMLESS]);

/** What CloudFormation takes for a property that is absent. Source: AWS::Lambda::Function (2026-11-20). */
const DEFAULTS = { memoryMb: 128, timeoutSeconds: 3, storageMb: 512 };
const MOST = { memoryMb: 10_240, timeoutSeconds: 900, storageMb: 10_240 };

/** The most that one invocation of a function can cost: its memory and storage for a cold start and its timeout, and a request. */
export const boundInvocation = remembered((lambda, context) => {
  const at = `${lambda.address}.Properties`;
  const bounds = context.templates
    .variantsOf(lambda, LIMITS)
    .map((value) => boundVariant({ value, at, source: 'template' }, context));
  const { node, diagnostics } = dearestOf(bounds);
  const written: Setting = { value: lambda.properties, at, source: 'template' };
  return { node, diagnostics: [...diagnostics, ...unknownOptions(written, FUNCTION_OPTIONS)] };
});

function boundVariant(properties: Setting, context: CostContext): Bounded {
  const memory = readProperty(settingIn(properties, 'MemorySize'), 'memoryMb');
  const timeout = readProperty(settingIn(properties, 'Timeout'), 'timeoutSeconds');
  const storage = readProperty(settingIn(settingIn(properties, 'EphemeralStorage'), 'Size'), 'storageMb');
  const seconds: Limit = { ...timeout, value: timeout.value + COLD_START_SECONDS };
  const label = `${memory.value} MB for at most ${timeout.value} s and a cold start`;
  const parts = [
    boundCompute({ properties, memory, seconds, label }, context),
    ...(storage.value > DEFAULTS.storageMb ? [boundStorage(storage, seconds, context)] : []),
    requestLeaf({ label: 'one request', at: properties.at, item: 'lambda.request' }, context.book),
  ];
  const { node, diagnostics } = sumBounded(label, timeout.at, parts);
  const own = [...memory.diagnostics, ...timeout.diagnostics, ...storage.diagnostics, ...refusePaidOptions(properties)];
  return { node, diagnostics: [...diagnostics, ...own] };
}

const readProperty = (setting: Setting, name: keyof typeof DEFAULTS): Limit =>
  readLimit(setting, { expected: 'a literal number', most: MOST[name], standard: DEFAULTS[name] });

interface Compute {
  readonly properties: Setting;
  readonly memory: Limit;
  readonly seconds: Limit;
  readonly label: string;
}

function boundCompute({ properties, memory, seconds, label }: Compute, { book }: CostContext): Bounded {
  const setting = settingIn(properties, 'Architectures');
  const architecture = isSet(setting) ? elementsOf(setting)?.[0]?.value : 'x86_64';
  if (architecture !== 'arm64' && architecture !== 'x86_64') {
    return refused(label, setting.at, [
      notKnown(setting, 'set arm64 or x86_64') ?? malformed(setting, 'arm64 or x86_64'),
    ]);
  }
  const factors = [factorOf('MemorySize', memory), factorOf('seconds of a cold start and until Timeout', seconds)];
  const item = lambdaPriceItem(architecture);
  return pricedLeaf(
    { label, at: seconds.at, item, itemAt: setting.at, factors, divisor: BigInt(MEGABYTES_PER_GIGABYTE) },
    book,
  );
}

/** 512 MB are free. Source: https://aws.amazon.com/lambda/pricing (2026-11-20). */
function boundStorage(storage: Limit, seconds: Limit, { book }: CostContext): Bounded {
  const paid: Limit = { ...storage, value: storage.value - DEFAULTS.storageMb };
  return pricedLeaf(
    {
      label: `${paid.value} MB of storage above ${DEFAULTS.storageMb}`,
      at: storage.at,
      item: 'lambda.ephemeral_storage_gb_second_above_512MB',
      factors: [factorOf('MB above 512', paid), factorOf('seconds of a cold start and until Timeout', seconds)],
      divisor: BigInt(MEGABYTES_PER_GIGABYTE),
    },
    book,
  );
}

/** Snapshots are billed as they are kept and restored; traces are a declared meter. */
function refusePaidOptions(properties: Setting) {
  const snapshots = settingIn(settingIn(properties, 'SnapStart'), 'ApplyOn');
  return isSet(snapshots) && snapshots.value !== 'None'
    ? [unmeteredOption(snapshots.at, 'keeps and restores snapshots, which are billed', 'set None')]
    : [];
}
