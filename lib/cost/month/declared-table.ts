/** What AWS bills by use and gives no cap for. */
export interface MeterOfUse {
  /** `log-gigabytes`: what a quantity is given for. */
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Row of the price book; several where the dearest of those that are used counts. None where no row can price it. */
  readonly items: readonly string[];
  /** Resource types that can incur it. */
  readonly types: readonly string[];
  /** Calls of state machines that can incur it, as the definition writes them. */
  readonly calls?: RegExp;
}

const LOGGING = [
  'AWS::Logs::LogGroup',
  'AWS::Lambda::Function',
  'AWS::Glue::Job',
  'AWS::EC2::FlowLog',
  'AWS::Logs::Delivery',
];
const BUCKETS = ['AWS::S3::Bucket', 'AWS::Glue::Job'];
const TABLES = ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'];
const CATALOG = ['AWS::Glue::Database', 'AWS::Glue::Table', 'AWS::Glue::Partition', 'AWS::Glue::Crawler'];
const JOBS = /sagemaker:create|glue:startJobRun/;
/** What reads or writes objects: jobs, queries, distributed Maps and calls of S3 itself. */
const OBJECTS = /sagemaker:create|glue:startJobRun|athena:startQuery|"(ItemReader|ResultWriter)"|:s3:/;
const SAGEMAKER = /sagemaker:create(Training|Processing|Transform|HyperParameterTuning)Job/;

/** Sources: the pricing page of each service, https://aws.amazon.com/<service>/pricing (2026-11-20). */
export const METERS_OF_USE: readonly MeterOfUse[] = [
  {
    name: 'log-gigabytes',
    unit: 'GB',
    description: 'logs that functions, jobs and executions write',
    items: ['cloudwatch.logs.ingest.standard'],
    types: LOGGING,
    calls: JOBS,
  },
  {
    name: 'log-gigabyte-months',
    unit: 'GB-month',
    description: 'logs that are kept',
    items: ['cloudwatch.logs.storage'],
    types: LOGGING,
    calls: JOBS,
  },
  {
    name: 's3-put-requests',
    unit: 'request',
    description: 'PUT, COPY, POST and LIST requests of jobs and functions',
    items: ['s3.put_copy_post_list'],
    types: BUCKETS,
    calls: OBJECTS,
  },
  {
    name: 's3-get-requests',
    unit: 'request',
    description: 'GET and other requests of jobs and functions',
    items: ['s3.get_and_other'],
    types: BUCKETS,
    calls: OBJECTS,
  },
  {
    name: 's3-gigabyte-months',
    unit: 'GB-month',
    description: 'objects that are kept, at the price of the dearest storage class',
    items: ['s3.standard.storage'],
    types: BUCKETS,
    calls: OBJECTS,
  },
  {
    name: 'kms-requests',
    unit: 'request',
    description: 'requests to keys: encrypting and decrypting objects, logs and messages',
    items: ['kms.request'],
    types: ['AWS::KMS::Key', 'AWS::KMS::ReplicaKey'],
  },
  {
    name: 'transfer-gigabytes',
    unit: 'GB',
    description: 'data that leaves the region or the network',
    items: ['transfer.out.gb'],
    types: ['AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::Glue::Job', 'AWS::EC2::VPCPeeringConnection'],
    calls: JOBS,
  },
  {
    name: 'nat-gigabytes',
    unit: 'GB',
    description: 'data through NAT gateways',
    items: ['nat_gateway.gb'],
    types: ['AWS::EC2::NatGateway'],
  },
  {
    name: 'endpoint-gigabytes',
    unit: 'GB',
    description: 'data through interface endpoints',
    items: ['vpc.interface_endpoint.gb'],
    types: ['AWS::EC2::VPCEndpoint'],
  },
  {
    name: 'metric-months',
    unit: 'metric-month',
    description: 'custom metrics that functions, jobs, buckets and log filters write',
    items: ['cloudwatch.metric.custom'],
    types: ['AWS::Lambda::Function', 'AWS::Glue::Job', 'AWS::S3::Bucket', 'AWS::Logs::MetricFilter'],
    calls: JOBS,
  },
  {
    name: 'catalog-requests',
    unit: 'request',
    description: 'requests to the Glue catalog',
    items: ['glue.catalog.requests'],
    types: [...CATALOG, 'AWS::Glue::Job', 'AWS::Athena::WorkGroup'],
    calls: /glue:(get|create|update|delete|batch)\w*(Table|Partition|Database)/i,
  },
  {
    name: 'catalog-object-months',
    unit: 'object-month',
    description: 'tables and partitions that the Glue catalog keeps',
    items: ['glue.catalog.storage'],
    types: CATALOG,
  },
  {
    name: 'athena-terabytes',
    unit: 'TB',
    description: 'data that queries of functions and people scan',
    items: ['athena.scan'],
    types: ['AWS::Athena::WorkGroup'],
  },
  {
    name: 'sns-publishes',
    unit: '64 KB chunk',
    description: 'messages that functions, alarms and budgets publish',
    items: ['sns.publish'],
    types: ['AWS::SNS::Topic'],
  },
  {
    name: 'sns-deliveries',
    unit: 'notification',
    description: 'notifications that topics deliver, at the price of an email',
    items: ['sns.email'],
    types: ['AWS::SNS::Topic'],
  },
  {
    name: 'sqs-requests',
    unit: '64 KB chunk',
    description: 'requests to queues, the polling of event source mappings included',
    items: ['sqs.standard.request'],
    types: ['AWS::SQS::Queue'],
  },
  {
    name: 'dynamodb-write-units',
    unit: 'WRU',
    description: 'writes of functions and jobs to tables on demand',
    items: ['dynamodb.ondemand.write_request_unit'],
    types: TABLES,
  },
  {
    name: 'dynamodb-read-units',
    unit: 'RRU',
    description: 'reads of functions and jobs from tables on demand',
    items: ['dynamodb.ondemand.read_request_unit'],
    types: TABLES,
  },
  {
    name: 'dynamodb-gigabyte-months',
    unit: 'GB-month',
    description: 'items and their backups',
    items: ['dynamodb.storage', 'dynamodb.pitr'],
    types: TABLES,
  },
  {
    name: 'ecr-gigabyte-months',
    unit: 'GB-month',
    description: 'images that repositories keep',
    items: ['ecr.storage'],
    types: ['AWS::ECR::Repository'],
  },
  {
    name: 'custom-events',
    unit: '64 KB chunk',
    description: 'events that functions and others put on event buses',
    items: ['eventbridge.custom_event'],
    types: ['AWS::Events::EventBus'],
  },
  {
    name: 'secret-requests',
    unit: 'request',
    description: 'reads of secrets',
    items: ['secretsmanager.request'],
    types: ['AWS::SecretsManager::Secret'],
  },
  {
    name: 'lifecycle-transitions',
    unit: 'object',
    description: 'objects that move between storage classes, at the price of the dearest class',
    items: [
      's3.lifecycle_transition.to_ia',
      's3.lifecycle_transition.to_glacier_instant',
      's3.lifecycle_transition.to_intelligent_tiering',
      's3.lifecycle_transition.to_glacier_flexible',
      's3.lifecycle_transition.to_deep_archive',
    ],
    types: ['AWS::S3::Bucket'],
  },
  {
    name: 'monitored-object-months',
    unit: 'object-month',
    description: 'objects in the storage class Intelligent-Tiering',
    items: ['s3.intelligent_tiering.monitoring'],
    types: ['AWS::S3::Bucket'],
  },
  {
    name: 'retrieval-gigabytes',
    unit: 'GB',
    description: 'data read from archive storage classes',
    items: ['s3.glacier_instant.retrieval'],
    types: ['AWS::S3::Bucket'],
  },
  {
    name: 'upload-hours',
    unit: 'instance-hour',
    description:
      'instances that upload their results after a job was stopped, at the price of the dearest instance type',
    items: [],
    types: [],
    calls: SAGEMAKER,
  },
  {
    name: 'trace-millions',
    unit: '1M traces',
    description: 'traces that state machines and functions record',
    items: ['xray.trace.recorded'],
    types: [],
  },
];
