import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../cost-diagnostic.ts';
import { elementsOf, isSet, notKnown, type Setting, settingIn } from '../meters/setting.ts';
import type { TemplateResource } from '../templates/template-set.ts';

/** A property that makes a resource cost what no meter covers, unless it has one of the values that do not. */
interface RefusedOption {
  /** Dotted: `ProvisionedConcurrencyConfig`, `Configurations.Type`; of a list, of each of its elements. */
  readonly property: string;
  /** Values that cost nothing; absent always does not. */
  readonly free: readonly unknown[];
  readonly message: string;
  readonly fix: string;
  readonly code?: CostDiagnosticCode;
}

const UNUSED = 'leave it out';

/** Options of resources that are free or declared without them. Sources: the pricing page of each service (2026-11-20). */
const REFUSED_OPTIONS: Readonly<Record<string, readonly RefusedOption[]>> = {
  'AWS::CertificateManager::Certificate': [
    { property: 'CertificateExport', free: ['DISABLED'], message: 'is billed for each name', fix: UNUSED },
    { property: 'CertificateAuthorityArn', free: [], message: 'is billed by a private authority', fix: UNUSED },
  ],
  'AWS::DynamoDB::GlobalTable': [
    {
      property: 'Replicas.ContributorInsightsSpecification.Enabled',
      free: [false],
      message: 'is billed by the events that it processes',
      fix: UNUSED,
    },
    {
      property: 'Replicas.GlobalSecondaryIndexes.ContributorInsightsSpecification.Enabled',
      free: [false],
      message: 'is billed by the events that it processes',
      fix: UNUSED,
    },
    { property: 'Replicas.KinesisStreamSpecification', free: [], message: 'bills every change', fix: UNUSED },
    { property: 'WarmThroughput', free: [], message: 'bills the throughput that it prepares', fix: UNUSED },
    {
      property: 'GlobalSecondaryIndexes.WarmThroughput',
      free: [],
      message: 'bills the throughput that it prepares',
      fix: UNUSED,
    },
  ],
  'AWS::DynamoDB::Table': [
    {
      property: 'GlobalSecondaryIndexes.ContributorInsightsSpecification.Enabled',
      free: [false],
      message: 'is billed by the events that it processes',
      fix: UNUSED,
    },
    { property: 'WarmThroughput', free: [], message: 'bills the throughput that it prepares', fix: UNUSED },
    {
      property: 'GlobalSecondaryIndexes.WarmThroughput',
      free: [],
      message: 'bills the throughput that it prepares',
      fix: UNUSED,
    },
    {
      property: 'ContributorInsightsSpecification.Enabled',
      free: [false],
      message: 'is billed by the events that it processes',
      fix: UNUSED,
    },
    { property: 'ImportSourceSpecification', free: [], message: 'bills the import by its size', fix: UNUSED },
    { property: 'KinesisStreamSpecification', free: [], message: 'bills every change of an item', fix: UNUSED },
  ],
  'AWS::EC2::NatGateway': [
    { property: 'AvailabilityMode', free: ['zonal'], message: 'is billed in each zone that it grows to', fix: UNUSED },
  ],
  'AWS::ECS::Cluster': [
    {
      property: 'ClusterSettings',
      free: [],
      message: 'can switch on Container Insights, which are billed',
      fix: UNUSED,
    },
  ],
  'AWS::Glue::Crawler': [
    {
      property: 'Schedule',
      free: [],
      message: 'crawls on a schedule: a crawl is billed by its duration, which nothing limits',
      fix: 'start crawls by a task that is metered, or by hand',
      code: 'unmetered-resource',
    },
  ],
  'AWS::Glue::Trigger': [
    {
      property: 'Type',
      free: ['ON_DEMAND'],
      message: 'starts jobs that no state machine counts',
      fix: 'set ON_DEMAND and start the jobs from a state machine',
      code: 'unmetered-resource',
    },
  ],
  'AWS::Lambda::Alias': [
    {
      property: 'ProvisionedConcurrencyConfig',
      free: [],
      message: 'keeps environments that are billed by the hour',
      fix: UNUSED,
    },
  ],
  'AWS::Lambda::Version': [
    {
      property: 'ProvisionedConcurrencyConfig',
      free: [],
      message: 'keeps environments that are billed by the hour',
      fix: UNUSED,
    },
  ],
  'AWS::Lambda::Url': [
    {
      property: 'InvokeMode',
      free: ['BUFFERED'],
      message: 'bills every gigabyte that is streamed',
      fix: 'set BUFFERED',
    },
  ],
  'AWS::Lambda::EventSourceMapping': [
    {
      property: 'ProvisionedPollerConfig',
      free: [],
      message: 'keeps pollers that are billed by the hour',
      fix: UNUSED,
    },
  ],
  'AWS::Logs::AccountPolicy': [
    {
      property: 'PolicyType',
      free: ['FIELD_INDEX_POLICY', 'SUBSCRIPTION_FILTER_POLICY', 'TRANSFORMER_POLICY'],
      message: 'bills the scan of everything that the account logs',
      fix: UNUSED,
    },
  ],
  'AWS::Logs::LogGroup': [
    { property: 'DataProtectionPolicy', free: [], message: 'bills the scan of everything that is logged', fix: UNUSED },
  ],
  'AWS::S3::Bucket': [
    { property: 'InventoryConfigurations', free: [], message: 'bills every listed object', fix: UNUSED },
    { property: 'AnalyticsConfigurations', free: [], message: 'bills every observed object', fix: UNUSED },
    {
      property: 'AccelerateConfiguration.AccelerationStatus',
      free: ['Suspended'],
      message: 'bills transfers at rates of their own',
      fix: UNUSED,
    },
    { property: 'MetadataConfiguration', free: [], message: 'bills every change of an object', fix: UNUSED },
    { property: 'MetadataTableConfiguration', free: [], message: 'bills every change of an object', fix: UNUSED },
    {
      property: 'ReplicationConfiguration.Rules.Destination.ReplicationTime',
      free: [],
      message: 'bills every gigabyte that is replicated in time',
      fix: UNUSED,
    },
  ],
  'AWS::SNS::Topic': [
    { property: 'ArchivePolicy', free: [], message: 'bills every message that is kept', fix: UNUSED },
    { property: 'DataProtectionPolicy', free: [], message: 'bills the scan of every message', fix: UNUSED },
  ],
  'AWS::SageMaker::ModelPackage': [
    { property: 'ValidationSpecification', free: [], message: 'runs transform jobs at deployment', fix: UNUSED },
  ],
  'AWS::SSM::Parameter': [
    {
      property: 'Tier',
      free: ['Standard'],
      message: 'is billed by the month above the tier Standard',
      fix: 'set Standard',
    },
  ],
};

/** What the options of the resource cost that no meter covers. */
export function refusedOptions(resource: TemplateResource, { templates }: CostContext): readonly Diagnostic[] {
  return (REFUSED_OPTIONS[resource.type] ?? []).flatMap((option) => {
    const [first = '', ...rest] = option.property.split('.');
    const found = templates.variantsOf(resource, [first]).flatMap((value) => {
      const properties: Setting = { value, at: `${resource.address}.Properties`, source: 'template' };
      const settings = rest.reduce(settingsIn, [settingIn(properties, first)]);
      return settings
        .filter((setting) => isSet(setting) && !option.free.includes(setting.value))
        .map((setting) => refuse(setting, option));
    });
    return found.slice(0, 1);
  });
}

/** A property of each setting, or of each of its elements. */
const settingsIn = (settings: readonly Setting[], field: string): readonly Setting[] =>
  settings.flatMap((setting) => (elementsOf(setting) ?? [setting]).map((each) => settingIn(each, field)));

function refuse(setting: Setting, { code = 'unmetered-option', message, fix }: RefusedOption): Diagnostic {
  return notKnown(setting, fix) ?? costDiagnostic(code, { at: setting.at, message, fix });
}
