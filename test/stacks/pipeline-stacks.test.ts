import { describe, expect, it } from 'vitest';
import flights from '../../examples/flights/pipeline.ts';
import { enforcedBound } from '../../lib/constructs/enforced-bound.ts';
import { planPipeline } from '../../lib/constructs/planned-pipeline.ts';
import { usd } from '../../lib/definition/index.ts';
import { must } from '../../lib/errors/fault.ts';
import { resourceOf, resourcesOf, synthesized } from '../support/synthesized-example.ts';

const STACKS = synthesized();

interface LifecycleRule {
  readonly Status: string;
  readonly Prefix?: string;
  readonly AbortIncompleteMultipartUpload?: unknown;
  readonly Transitions?: readonly { readonly StorageClass: string }[];
  readonly NoncurrentVersionTransitions?: readonly { readonly StorageClass: string }[];
}

const ENFORCED_VARIABLES = ['RUN_BOUND_USD', 'DEFINITION_DIGEST', 'STATE_BOUNDS'];
/** The digest in the text of the state machine. */
const RENDERED_DIGEST = /,"definitionDigest":"([0-9a-f]{64})"/g;

/** The template without the variables that carry the bound, and without its digest in the state machine. */
function unenforced(template: object): object {
  const text = JSON.stringify(template, (key, value: unknown) => {
    if (ENFORCED_VARIABLES.includes(key)) return undefined;
    return typeof value === 'string' ? value.replaceAll(RENDERED_DIGEST, '') : value;
  });
  return JSON.parse(text);
}

describe('the stacks of a pipeline', () => {
  it('are its deployment units, by name', () => {
    expect(STACKS.map(({ name }) => name).toSorted()).toEqual([
      'flight-delays-budget',
      'flight-delays-jobs',
      'flight-delays-registry',
      'flight-delays-schedule',
      'flight-delays-storage',
      'flight-delays-training',
    ]);
  });

  it('keep the logical ids of what holds state: a new id would be a new, empty resource', () => {
    const types = [
      'AWS::S3::Bucket',
      'AWS::KMS::Key',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::SageMaker::ModelPackageGroup',
    ];

    expect(types.flatMap((type) => Object.keys(resourcesOf(STACKS, type)))).toMatchInlineSnapshot(`
      [
        "LakeAccessLogs4431AB8D",
        "LakeData16689F05",
        "LakeKey7B6C155C",
        "GuardKeyC40D0F90",
        "CatalogDatabaseE63956BB",
        "CatalogTableflightsEC67887D",
        "Registry4DB9CCA5",
      ]
    `);
  });

  it('retain what holds state when a stack is deleted or a resource replaced', () => {
    const kept = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Glue::Table', 'AWS::SageMaker::ModelPackageGroup'];

    for (const type of kept) {
      for (const resource of Object.values(resourcesOf(STACKS, type))) {
        expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
    }
  });

  it('are the same bytes when they are synthesized again', () => {
    expect(JSON.stringify(synthesized())).toBe(JSON.stringify(STACKS));
  });

  it('refuse a run that may cost more than its bound, with both amounts', () => {
    const stingy = { ...flights, bounds: { ...flights.bounds, run: usd(0.5) } };

    expect(() => synthesized(stingy)).toThrow(/a run may cost \$\d+\.\d\d, its budget is \$0\.50/);
  });

  it('refuse a month that may cost more than its bound', () => {
    const stingy = { ...flights, bounds: { ...flights.bounds, month: usd(100) } };

    expect(() => synthesized(stingy)).toThrow(/a month may cost \$\d+\.\d\d, its budget is \$100\.00/);
  });
});

describe('the storage stack', () => {
  const data = resourceOf(STACKS, 'AWS::S3::Bucket', 'Data');

  it('encrypts by its own rotated key, versions, logs and blocks the public', () => {
    expect(resourceOf(STACKS, 'AWS::KMS::Key', 'Lake').Properties['EnableKeyRotation']).toBe(true);
    expect(data.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        ],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(data.Properties['LoggingConfiguration']).toBeDefined();
  });

  it('refuses requests without TLS on every bucket', () => {
    const policies = Object.values(resourcesOf(STACKS, 'AWS::S3::BucketPolicy'));

    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
      expect(JSON.stringify(policy)).toContain('"NumericLessThan":{"s3:TlsVersion":1.2}');
    }
  });

  it('moves and aborts, and never lets anything expire', () => {
    const perBucket = Object.values(resourcesOf(STACKS, 'AWS::S3::Bucket')).map(
      (bucket): readonly LifecycleRule[] => bucket.Properties['LifecycleConfiguration'].Rules,
    );
    const rules = perBucket.flat();

    expect(perBucket).toHaveLength(2);
    for (const own of perBucket) {
      const aborting = own.filter((rule) => rule.AbortIncompleteMultipartUpload !== undefined);
      expect(aborting).toEqual([expect.not.objectContaining({ Prefix: expect.anything() })]);
    }
    expect(rules.filter((rule) => Object.keys(rule).some((key) => key.includes('Expiration')))).toEqual([]);
    expect(rules.every((rule) => rule.Status === 'Enabled')).toBe(true);
  });

  it('moves data to classes that are read at once, and leaves small records where they are', () => {
    const rules: readonly LifecycleRule[] = data.Properties['LifecycleConfiguration'].Rules;
    const moving = rules.filter(({ Transitions }) => Transitions !== undefined);
    const classes = rules.flatMap(({ Transitions = [], NoncurrentVersionTransitions = [] }) =>
      [...Transitions, ...NoncurrentVersionTransitions].map(({ StorageClass }) => StorageClass),
    );

    expect(moving.map(({ Prefix }) => Prefix)).toEqual([
      'raw/',
      'quarantine/',
      'curated/',
      'feature-rows/',
      'training-sets/',
      'models/',
    ]);
    expect([...new Set(classes)].toSorted()).toEqual(['GLACIER_IR', 'INTELLIGENT_TIERING']);
  });

  it('registers the columns of the source and the partitions of its units', () => {
    const input = resourceOf(STACKS, 'AWS::Glue::Table').Properties['TableInput'];
    const columns = input.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name);

    expect(columns).toEqual([...Object.keys(flights.label.source.columns), 'known_time']);
    expect(input.PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['unit', 'day']);
  });
});

describe('the jobs stack', () => {
  const jobs = Object.values(resourcesOf(STACKS, 'AWS::Glue::Job'));

  it('pins version, workers and timeout, and never lets Glue retry', () => {
    expect(jobs.map(({ Properties }) => Properties['Name'])).toEqual([
      'flight-delays-ingest',
      'flight-delays-training-set',
      'flight-delays-audit',
    ]);
    for (const { Properties } of jobs) {
      const isAudit = Properties['Name'] === 'flight-delays-audit';
      expect(Properties).toMatchObject({
        GlueVersion: '6.0',
        WorkerType: 'G.1X',
        NumberOfWorkers: isAudit ? 2 : flights.glue.workers,
        Timeout: isAudit ? 15 : 30,
        MaxRetries: 0,
        ExecutionClass: 'STANDARD',
        JobRunQueuingEnabled: false,
      });
      expect(Properties['DefaultArguments']).toMatchObject({ '--enable-auto-scaling': 'true' });
      expect(Properties['SecurityConfiguration']).toBeDefined();
    }
  });

  it('encrypts what the jobs write and log', () => {
    const { EncryptionConfiguration } = resourceOf(STACKS, 'AWS::Glue::SecurityConfiguration').Properties;

    expect(EncryptionConfiguration).toMatchObject({
      S3Encryptions: [{ S3EncryptionMode: 'SSE-KMS' }],
      CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS' },
      JobBookmarksEncryption: { JobBookmarksEncryptionMode: 'CSE-KMS' },
    });
  });
});

describe('the training stack', () => {
  it('logs every event without data, and traces', () => {
    expect(resourceOf(STACKS, 'AWS::StepFunctions::StateMachine').Properties).toMatchObject({
      StateMachineName: 'flight-delays',
      StateMachineType: 'STANDARD',
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
    });
  });

  it('runs every function on the pinned runtime with limits', () => {
    const functions = Object.values(resourcesOf(STACKS, 'AWS::Lambda::Function'));

    expect(functions).toHaveLength(8);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(Properties['Timeout']).toBeLessThanOrEqual(300);
    }
  });

  it('gives admission the bound and the digest of what it was computed from', () => {
    const { Variables } = resourceOf(STACKS, 'AWS::Lambda::Function', 'AdmitRun').Properties['Environment'];

    expect(Number(Variables.RUN_BOUND_USD)).toBeGreaterThan(1);
    expect(Number(Variables.RUN_BOUND_USD)).toBeLessThanOrEqual(6);
    expect(Variables.DEFINITION_DIGEST).toMatch(/^[0-9a-f]{64}$/);
  });

  it('lets executions tell admission the digest that its bound has, and none but Admit run', () => {
    const { Variables } = resourceOf(STACKS, 'AWS::Lambda::Function', 'AdmitRun').Properties['Environment'];
    const definition = JSON.stringify(
      resourceOf(STACKS, 'AWS::StepFunctions::StateMachine').Properties['DefinitionString'],
    ).replaceAll('\\"', '"');

    expect([...definition.matchAll(RENDERED_DIGEST)].map(([, digest]) => digest)).toEqual([
      Variables.DEFINITION_DIGEST,
    ]);
  });

  it('parts the bound by the states that start jobs, the rest being orchestration', () => {
    const { Variables } = resourceOf(STACKS, 'AWS::Lambda::Function', 'SettleRun').Properties['Environment'];
    const parts: Readonly<Record<string, string>> = JSON.parse(Variables.STATE_BOUNDS);
    const bound = resourceOf(STACKS, 'AWS::Lambda::Function', 'AdmitRun').Properties['Environment'].Variables
      .RUN_BOUND_USD;

    expect(Object.keys(parts)).toEqual([
      'Ingest and check',
      'Build training set',
      'Audit training set',
      'Train trial',
      'Evaluate',
    ]);
    // 2 tries of 5 workers for 30 minutes at $0.308 a DPU-hour.
    expect(parts['Ingest and check']).toBe('1.54');
    const rest = Number(bound) - Object.values(parts).reduce((sum, part) => sum + Number(part), 0);
    expect(rest).toBeGreaterThan(0);
    expect(rest).toBeLessThan(0.05);
  });

  it('deploys just what the bound was computed from, but for the bound itself', () => {
    const { Variables } = resourceOf(STACKS, 'AWS::Lambda::Function', 'AdmitRun').Properties['Environment'];
    const enforced = {
      RUN_BOUND_USD: Variables.RUN_BOUND_USD,
      DEFINITION_DIGEST: Variables.DEFINITION_DIGEST,
      STATE_BOUNDS: JSON.parse(Variables.STATE_BOUNDS),
    };
    const templates = STACKS.map(({ name, template }) => ({ stack: name, template: unenforced(template) }));

    const { usd: bound, definitionDigest, states } = must(enforcedBound(templates, planPipeline(flights)), 'a bound');

    expect(enforced).toEqual({ RUN_BOUND_USD: bound, DEFINITION_DIGEST: definitionDigest, STATE_BOUNDS: states });
  });

  it('has no bound to deploy where a limit is missing, so that no run is admitted', () => {
    const withoutTimeout = (template: object): object =>
      JSON.parse(JSON.stringify(template, (key, value: unknown) => (key === 'Timeout' ? undefined : value)));
    const templates = STACKS.map(({ name, template }) => ({
      stack: name,
      template: withoutTimeout(unenforced(template)),
    }));

    expect(enforcedBound(templates, planPipeline(flights))).toBeUndefined();
  });

  it('keeps the environment of every function far below the 4 KB that Lambda allows', () => {
    for (const { Properties } of Object.values(resourcesOf(STACKS, 'AWS::Lambda::Function'))) {
      expect(JSON.stringify(Properties['Environment']).length).toBeLessThan(2_048);
    }
  });

  it('gives each function just the environment that it reads', () => {
    const { Variables } = resourceOf(STACKS, 'AWS::Lambda::Function', 'StartRun').Properties['Environment'];

    expect(Object.keys(Variables)).toEqual(['STATE_MACHINE_ARN', 'SOURCE_REVISION']);
  });

  it('settles executions however they end', () => {
    expect(resourceOf(STACKS, 'AWS::Events::Rule').Properties['EventPattern']).toMatchObject({
      source: ['aws.states'],
      detail: { status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
  });
});

describe('the schedule stack', () => {
  it('starts the slot in the zone of the pipeline, with few tries', () => {
    const { Properties } = resourceOf(STACKS, 'AWS::Scheduler::Schedule');

    expect(Properties).toMatchObject({
      ScheduleExpression: 'cron(0 4 * * ? *)',
      ScheduleExpressionTimezone: 'America/New_York',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        RetryPolicy: { MaximumRetryAttempts: 4, MaximumEventAgeInSeconds: 3_600 },
      },
    });
  });

  it('invokes the starter and nothing else', () => {
    const { Target } = resourceOf(STACKS, 'AWS::Scheduler::Schedule').Properties;
    const [starter] = Object.keys(resourcesOf(STACKS, 'AWS::Lambda::Function')).filter((id) => id.includes('StartRun'));
    const arn = { 'Fn::GetAtt': [starter, 'Arn'] };

    expect(Target.Arn).toEqual(arn);
    expect(resourceOf(STACKS, 'AWS::IAM::Policy', 'ScheduleCalls').Properties['PolicyDocument'].Statement).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
    ]);
  });
});

interface Alarm {
  readonly Notification: { readonly NotificationType: string; readonly Threshold: number };
  readonly Subscribers: unknown;
}

describe('the budget stack', () => {
  it('tells people at thresholds and stops new jobs at the whole budget', () => {
    const budget = resourceOf(STACKS, 'AWS::Budgets::Budget').Properties;
    const action = resourceOf(STACKS, 'AWS::Budgets::BudgetsAction').Properties;

    expect(budget['Budget'].BudgetLimit).toEqual({ Amount: 200, Unit: 'USD' });
    const told = budget['NotificationsWithSubscribers'].map(
      ({ Notification: { NotificationType, Threshold }, Subscribers }: Alarm) => [
        NotificationType,
        Threshold,
        Subscribers,
      ],
    );
    const topic = { Ref: Object.keys(resourcesOf(STACKS, 'AWS::SNS::Topic'))[0] };
    const bySns = [{ SubscriptionType: 'SNS', Address: topic }];
    expect(told).toEqual([
      ['ACTUAL', 50, bySns],
      ['ACTUAL', 80, bySns],
      ['ACTUAL', 100, bySns],
      ['FORECASTED', 100, bySns],
    ]);
    expect(budget['Budget'].CostFilters).toEqual({ TagKeyValue: ['user:Pipeline$flight-delays'] });
    expect(action).toMatchObject({
      Subscribers: [{ Type: 'SNS', Address: topic }],
      ActionType: 'APPLY_IAM_POLICY',
      ApprovalModel: 'AUTOMATIC',
      ActionThreshold: { Type: 'PERCENTAGE', Value: 100 },
    });
  });

  it('takes the right to start jobs from the role of the state machine', () => {
    const { PolicyArn, Roles } = resourceOf(STACKS, 'AWS::Budgets::BudgetsAction').Properties['Definition']
      .IamActionDefinition;
    const machine = resourceOf(STACKS, 'AWS::StepFunctions::StateMachine').Properties['RoleArn'];

    expect(PolicyArn).toEqual({ Ref: Object.keys(resourcesOf(STACKS, 'AWS::IAM::ManagedPolicy'))[0] });
    expect(JSON.stringify(Roles)).toContain(machine['Fn::GetAtt'][0]);
  });

  it('lets Budgets publish to its encrypted topic', () => {
    const key = resourceOf(STACKS, 'AWS::KMS::Key', 'Guard');

    expect(resourceOf(STACKS, 'AWS::SNS::Topic').Properties['KmsMasterKeyId']).toBeDefined();
    expect(JSON.stringify(key)).toContain('budgets.amazonaws.com');
    expect(JSON.stringify(resourceOf(STACKS, 'AWS::SNS::TopicPolicy'))).toContain('budgets.amazonaws.com');
  });
});
