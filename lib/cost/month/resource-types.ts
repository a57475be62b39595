/**
 * How a resource type is billed. `metered`: by what uses it, bounded there. `standing`: by the month, whatever runs.
 * `declared`: by use that no template limits, listed as a declared meter. `free`: not by itself. `deployment`: what a
 * deployment runs, and only then.
 */
export type Billing = 'metered' | 'standing' | 'declared' | 'free' | 'deployment';

const of = (service: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `AWS::${service}::${name}`);

const METERED = [
  ...of('StepFunctions', 'StateMachine'),
  ...of('Lambda', 'Function'),
  ...of('Glue', 'Job'),
  ...of('Events', 'Rule'),
  ...of('Scheduler', 'Schedule'),
];

/** Sources: the pricing page of each service, https://aws.amazon.com/<service>/pricing (2026-11-20). */
const STANDING = [
  ...of('Budgets', 'BudgetsAction'),
  ...of('CloudWatch', 'Alarm CompositeAlarm Dashboard'),
  ...of('DynamoDB', 'GlobalTable Table'),
  ...of('EC2', 'EIP NatGateway VPCEndpoint'),
  ...of('KMS', 'Key ReplicaKey'),
  ...of('Logs', 'MetricFilter'),
  ...of('SecretsManager', 'Secret'),
];

const DECLARED = [
  ...of('EC2', 'FlowLog VPCPeeringConnection'),
  ...of('ECR', 'Repository'),
  ...of('Events', 'EventBus'),
  ...of('Glue', 'Partition'),
  ...of('Logs', 'Delivery LogGroup'),
  ...of('S3', 'Bucket'),
  ...of('SNS', 'Subscription Topic'),
  ...of('SQS', 'Queue'),
];

const FREE = [
  ...of('Athena', 'DataCatalog NamedQuery PreparedStatement WorkGroup'),
  ...of('Batch', 'JobDefinition JobQueue SchedulingPolicy'),
  ...of('Budgets', 'Budget'),
  ...of('CDK', 'Metadata'),
  ...of('CE', 'AnomalyMonitor AnomalySubscription CostCategory'),
  ...of('CUR', 'ReportDefinition'),
  ...of('CertificateManager', 'Certificate'),
  ...of('Chatbot', 'MicrosoftTeamsChannelConfiguration SlackChannelConfiguration'),
  ...of(
    'CloudFormation',
    'HookDefaultVersion HookTypeConfig HookVersion Macro ModuleDefaultVersion ModuleVersion PublicTypeVersion Publisher ResourceDefaultVersion ResourceVersion TypeActivation WaitCondition WaitConditionHandle',
  ),
  ...of('CloudWatch', 'AnomalyDetector'),
  ...of('CodeConnections', 'Connection'),
  ...of('CodeStarConnections', 'Connection RepositoryLink SyncConfiguration'),
  ...of('CodeStarNotifications', 'NotificationRule'),
  ...of(
    'EC2',
    'CustomerGateway DHCPOptions EIPAssociation EgressOnlyInternetGateway GatewayRouteTableAssociation InternetGateway KeyPair LaunchTemplate NetworkAcl NetworkAclEntry NetworkInterface NetworkInterfacePermission PlacementGroup PrefixList Route RouteTable SecurityGroup SecurityGroupEgress SecurityGroupIngress SecurityGroupVpcAssociation Subnet SubnetCidrBlock SubnetNetworkAclAssociation SubnetRouteTableAssociation VPC VPCCidrBlock VPCDHCPOptionsAssociation VPCEndpointConnectionNotification VPCEndpointServicePermissions VPCGatewayAttachment',
  ),
  ...of('ECR', 'PullThroughCacheRule RegistryPolicy ReplicationConfiguration RepositoryCreationTemplate'),
  ...of('ECS', 'Cluster TaskDefinition'),
  ...of('Events', 'ApiDestination Connection EventBusPolicy'),
  ...of(
    'Glue',
    'Classifier Connection CustomEntityType Crawler DataCatalogEncryptionSettings DataQualityRuleset Database Registry Schema SchemaVersion SchemaVersionMetadata SecurityConfiguration Table Trigger UsageProfile Workflow',
  ),
  ...of(
    'IAM',
    'AccessKey Group GroupPolicy InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy SAMLProvider ServerCertificate ServiceLinkedRole User UserPolicy UserToGroupAddition VirtualMFADevice',
  ),
  ...of('KMS', 'Alias'),
  ...of(
    'LakeFormation',
    'DataCellsFilter DataLakeSettings Permissions PrincipalPermissions Resource Tag TagAssociation',
  ),
  ...of(
    'Lambda',
    'Alias CodeSigningConfig EventInvokeConfig EventSourceMapping LayerVersion LayerVersionPermission Permission Url Version',
  ),
  ...of(
    'Logs',
    'AccountPolicy DeliveryDestination DeliverySource Destination LogStream QueryDefinition ResourcePolicy SubscriptionFilter',
  ),
  ...of('Organizations', 'Account Organization OrganizationalUnit Policy ResourcePolicy'),
  ...of('RAM', 'Permission ResourceShare'),
  ...of('ResourceGroups', 'Group TagSyncTask'),
  ...of('S3', 'AccessPoint BucketPolicy MultiRegionAccessPointPolicy'),
  ...of(
    'SageMaker',
    'AppImageConfig CodeRepository DataQualityJobDefinition EndpointConfig Image ImageVersion Model ModelBiasJobDefinition ModelCard ModelExplainabilityJobDefinition ModelPackage ModelPackageGroup ModelQualityJobDefinition NotebookInstanceLifecycleConfig Pipeline Project StudioLifecycleConfig UserProfile',
  ),
  ...of('SNS', 'TopicInlinePolicy TopicPolicy'),
  ...of('SQS', 'QueueInlinePolicy QueuePolicy'),
  ...of('SSM', 'Document Parameter PatchBaseline ResourcePolicy'),
  ...of('Scheduler', 'ScheduleGroup'),
  ...of('SecretsManager', 'ResourcePolicy SecretTargetAttachment'),
  ...of(
    'ServiceCatalog',
    'AcceptedPortfolioShare CloudFormationProduct LaunchNotificationConstraint LaunchRoleConstraint LaunchTemplateConstraint Portfolio PortfolioPrincipalAssociation PortfolioProductAssociation PortfolioShare ResourceUpdateConstraint ServiceAction ServiceActionAssociation StackSetConstraint TagOption TagOptionAssociation',
  ),
  ...of('ServiceCatalogAppRegistry', 'Application AttributeGroup AttributeGroupAssociation ResourceAssociation'),
  ...of('Signer', 'ProfilePermission SigningProfile'),
  ...of('StepFunctions', 'Activity StateMachineAlias StateMachineVersion'),
  ...of('XRay', 'Group ResourcePolicy SamplingRule'),
];

const BILLING: ReadonlyMap<string, Billing> = new Map([
  ...METERED.map((type) => [type, 'metered'] as const),
  ...STANDING.map((type) => [type, 'standing'] as const),
  ...DECLARED.map((type) => [type, 'declared'] as const),
  ...FREE.map((type) => [type, 'free'] as const),
  ['AWS::CloudFormation::CustomResource', 'deployment'],
]);

/** How a resource type is billed; undefined for a type that has no meter. */
export const billingOf = (type: string): Billing | undefined =>
  BILLING.get(type) ?? (type.startsWith('Custom::') ? 'deployment' : undefined);
