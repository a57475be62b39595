import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { dearestOf } from '../meters/meter.ts';
import { elementsOf, isSet, type Setting, settingIn } from '../meters/setting.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, pricedLeaf, refused, sumBounded } from '../tree/bounded.ts';
import type { Factor } from '../tree/cost-node.ts';
import { boundAlarm } from './alarm-charge.ts';
import { DAYS_OF_MONTH, HOURS_OF_MONTH } from './month-length.ts';
import { refusedOptions } from './refused-options.ts';
import { billingOf } from './resource-types.ts';
import { boundGlobalTable, boundTable } from './table-charge.ts';

/** What one resource costs in a month by being there, with one combination of its properties. */
type StandingCharge = (properties: Setting, context: CostContext) => Bounded;

/**
 * What the resources cost in a month of 31 days by being there, whatever runs. A type that has no meter, and an option
 * that none covers, is refused by name.
 */
export function boundStanding(context: CostContext): Bounded {
  const { resources } = context.templates;
  const charged = resources.map((resource) => boundResource(resource, context));
  const actions = boundBudgetActions(context);
  const parts = [...charged, actions].filter(({ node, diagnostics }) => node.usd > 0n || diagnostics.length > 0);
  return sumBounded('what stands for a month', 'templates', parts);
}

function boundResource(resource: TemplateResource, context: CostContext): Bounded {
  const billing = billingOf(resource.type);
  if (billing === undefined) return refuseType(resource);
  const options = refusedOptions(resource, context);
  const charge = CHARGES[resource.type];
  if (charge === undefined) return refused(resource.logicalId, resource.address, options);
  const names = Object.keys(resource.properties);
  const bound = dearestOf(
    context.templates.variantsOf(resource, names).map((value) => {
      return charge({ value, at: `${resource.address}.Properties`, source: 'template' }, context);
    }),
  );
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...options] };
}

const REASONS: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'is a stack whose template is not among those given',
  'AWS::SageMaker::ProcessingJob': 'runs a job whenever it is deployed',
  'AWS::SageMaker::TrainingJob': 'runs a job whenever it is deployed',
};

function refuseType({ address, logicalId, type }: TemplateResource): Bounded {
  const message = `${type} ${REASONS[type] ?? 'has no meter: what it costs in a month is not known'}`;
  const fix = 'leave it out of these stacks, or give the templates of stacks without it';
  return refused(logicalId, address, [costDiagnostic('unmetered-resource', { at: address, message, fix })]);
}

const CHARGES: Readonly<Record<string, StandingCharge>> = {
  'AWS::CloudWatch::Alarm': boundAlarm,
  'AWS::CloudWatch::CompositeAlarm': perMonth('composite alarm', 'cloudwatch.alarm.composite'),
  'AWS::CloudWatch::Dashboard': perMonth('dashboard', 'cloudwatch.dashboard'),
  'AWS::DynamoDB::GlobalTable': boundGlobalTable,
  'AWS::DynamoDB::Table': boundTable,
  'AWS::EC2::EIP': perHour('public IPv4 address', 'vpc.public_ipv4.hour'),
  'AWS::EC2::NatGateway': perHour('NAT gateway', 'nat_gateway.hour'),
  'AWS::EC2::VPCEndpoint': boundEndpoint,
  'AWS::KMS::Key': boundKey,
  'AWS::KMS::ReplicaKey': boundReplica,
  'AWS::Logs::MetricFilter': boundMetricFilter,
  'AWS::SecretsManager::Secret': boundSecret,
};

function perMonth(label: string, item: string): StandingCharge {
  return ({ at }, { book }) => pricedLeaf({ label: `${label} for a month`, at, item, factors: [] }, book);
}

function perHour(label: string, item: string): StandingCharge {
  return ({ at }, { book }) => pricedLeaf({ label: `${label} for 31 days`, at, item, factors: [hoursAt(at)] }, book);
}

const hoursAt = (at: string): Factor => ({ name: 'hours of 31 days', at, quantity: HOURS_OF_MONTH });

/**
 * A key costs the same again for each of its first two rotations.
 * Source: https://aws.amazon.com/kms/pricing (2026-11-20).
 */
function boundKey(properties: Setting, { book }: CostContext): Bounded {
  const rotation = settingIn(properties, 'EnableKeyRotation');
  const isRotated = isSet(rotation) && rotation.value !== false;
  return boundKeyVersions(isRotated ? rotation.at : properties.at, isRotated ? 3n : 1n, book);
}

/** The rotations of a primary key are those of its replicas. */
function boundReplica({ at }: Setting, { book }: CostContext): Bounded {
  return boundKeyVersions(at, 3n, book);
}

function boundKeyVersions(at: string, versions: bigint, book: CostContext['book']): Bounded {
  const factors = [{ name: 'billed versions of the key', at, quantity: versions }];
  const label = versions === 1n ? 'key for a month' : 'key with its first two rotations for a month';
  return pricedLeaf({ label, at, item: 'kms.key', factors }, book);
}

/** A gateway endpoint is free, an interface endpoint billed by the hour in each of its zones. Source: https://aws.amazon.com/privatelink/pricing (2026-11-20). */
function boundEndpoint(properties: Setting, { book }: CostContext): Bounded {
  const type = settingIn(properties, 'VpcEndpointType');
  const subnets = settingIn(properties, 'SubnetIds');
  if (!isSet(type) || type.value === 'Gateway') return sumBounded('gateway endpoint, which is free', type.at, []);
  const zones = elementsOf(subnets);
  if (type.value !== 'Interface' || zones === undefined) {
    const at = type.value === 'Interface' ? subnets.at : type.at;
    const message = type.value === 'Interface' ? 'is no list of subnets' : 'has prices that no meter covers';
    const fix = 'set Gateway, or Interface with a literal list of subnets';
    return refused('endpoint', at, [costDiagnostic('unmetered-option', { at, message, fix })]);
  }
  const factors = [{ name: 'SubnetIds', at: subnets.at, quantity: BigInt(zones.length) }, hoursAt(subnets.at)];
  const label = `interface endpoint in ${zones.length} zones for 31 days`;
  return pricedLeaf({ label, at: subnets.at, item: 'vpc.interface_endpoint.hour', factors }, book);
}

/** Every replica of a secret is one more. Source: https://aws.amazon.com/secrets-manager/pricing (2026-11-20). */
function boundSecret(properties: Setting, { book }: CostContext): Bounded {
  const replicas = settingIn(properties, 'ReplicaRegions');
  const regions = elementsOf(replicas)?.length ?? 0;
  if (isSet(replicas) && elementsOf(replicas) === undefined) {
    const message = 'is no list of regions';
    const diagnostic = costDiagnostic('deploy-time-limit', { at: replicas.at, message, fix: 'give a literal list' });
    return refused('secret', replicas.at, [diagnostic]);
  }
  const factors = [{ name: 'secret and its replicas', at: properties.at, quantity: BigInt(1 + regions) }];
  return pricedLeaf({ label: 'secret for a month', at: properties.at, item: 'secretsmanager.secret', factors }, book);
}

/** A filter without dimensions writes one metric each; one with dimensions as many as its logs have values: declared. */
function boundMetricFilter(properties: Setting, { book }: CostContext): Bounded {
  const transformations = settingIn(properties, 'MetricTransformations');
  const metrics = (elementsOf(transformations) ?? [transformations]).filter(
    (each) => !isSet(settingIn(each, 'Dimensions')),
  );
  const factors = [{ name: 'metrics', at: transformations.at, quantity: BigInt(metrics.length) }];
  const label = 'metrics from logs for a month';
  return pricedLeaf({ label, at: transformations.at, item: 'cloudwatch.metric.custom', factors }, book);
}

/**
 * Budgets with actions are billed by the day. The two that are free are shared by the account, so none is free here.
 * Source: https://aws.amazon.com/aws-cost-management/aws-budgets/pricing (2026-11-20).
 */
function boundBudgetActions({ templates, book }: CostContext): Bounded {
  const actions = templates.resources.filter(({ type }) => type === 'AWS::Budgets::BudgetsAction');
  const budgets = new Map(
    actions.flatMap((action) =>
      templates.valuesOf(action.properties['BudgetName'], action.stack).map((name) => {
        return [typeof name === 'string' ? name : action.address, action] as const;
      }),
    ),
  );
  const parts = [...budgets.values()].map(({ address }) => {
    const at = `${address}.Properties.BudgetName`;
    const factors = [{ name: 'days of a month', at, quantity: DAYS_OF_MONTH }];
    return pricedLeaf({ label: 'budget with actions for 31 days', at, item: 'budgets.action_enabled', factors }, book);
  });
  return sumBounded('budgets with actions', 'templates', parts);
}
