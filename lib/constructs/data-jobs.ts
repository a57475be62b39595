import { CfnJob, CfnSecurityConfiguration } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { featureRowsPrefix, featureViewKey } from '../contracts/object-keys.ts';
import type { ApiCall } from '../iam/api-call.ts';
import type { Plan } from '../plan/plan.ts';
import { AUDIT_LIMITS, type GlueLimits, glueJob } from '../render/glue-jobs.ts';
import { bucketArn, localArn, objectArn } from './arns.ts';
import type { AssetObject } from './asset-object.ts';
import { acknowledgePatterns, grantCalls } from './derived-policy.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import type { JobCode } from './job-code.ts';
import { physicalNames } from './physical-names.ts';
import type { RunFiles } from './run-files.ts';

export interface DataJobsProps {
  readonly plan: Plan;
  readonly bucketName: string;
  readonly key: IKey;
  readonly code: JobCode;
  readonly files: RunFiles;
}

/** What one job is: its name, its script, the files it reads and the prefixes it may read and write. */
interface DataJob {
  readonly name: string;
  readonly description: string;
  readonly script: AssetObject;
  readonly program: AssetObject;
  readonly limits: GlueLimits;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** The Glue jobs of a pipeline: each with a role of its own, limits that are literals, and everything encrypted. */
export class DataJobs extends Construct {
  readonly ingest: CfnJob;
  readonly trainingSet: CfnJob;
  readonly audit: CfnJob;
  private readonly props: DataJobsProps;
  private readonly security: CfnSecurityConfiguration;

  constructor(scope: Construct, id: string, props: DataJobsProps) {
    super(scope, id);
    pinFeatureFlags(this);
    this.props = props;
    const { plan, code, files } = props;
    const { pipeline, sources } = plan;
    const below = (patternOf: (source: string) => string) => sources.map(({ name }) => patternOf(name));
    const names = physicalNames(pipeline, Stack.of(this).region);
    this.security = this.createSecurityConfiguration();
    this.ingest = this.createJob('Ingest', {
      name: names.ingestJob,
      description: 'Types, checks and partitions landed files; what is bad is quarantined with a reason',
      script: code.ingestScript,
      program: files.ingest,
      limits: plan.glue,
      reads: [...below((source) => `raw/${source}/*`), `runs/${pipeline}/*`],
      writes: [
        ...below((source) => `curated/${source}/data/*`),
        ...below((source) => `quarantine/${source}/*`),
        `ingest/${pipeline}/*`,
      ],
    });
    this.trainingSet = this.createJob('TrainingSet', {
      name: names.trainingSetJob,
      description: 'Builds a point-in-time-correct training set from published partitions',
      script: code.trainingSetScript,
      program: files.trainingSet,
      limits: plan.glue,
      reads: [...below((source) => `curated/${source}/*`), `runs/${pipeline}/*`, `training-sets/${pipeline}/*`],
      writes: [`training-sets/${pipeline}/*`, `${featureRowsPrefix(pipeline)}*`, featureViewKey('*', '*')],
    });
    this.audit = this.createJob('Audit', {
      name: names.auditJob,
      description: 'Recomputes a sample of a training set by another way and tells what could not have been known',
      script: code.auditScript,
      program: files.trainingSet,
      limits: AUDIT_LIMITS,
      reads: [...below((source) => `curated/${source}/*`), `runs/${pipeline}/*`, `training-sets/${pipeline}/*`],
      writes: [`training-sets/${pipeline}/*/audits/*`],
    });
  }

  private createSecurityConfiguration(): CfnSecurityConfiguration {
    const kmsKeyArn = this.props.key.keyArn;
    return new CfnSecurityConfiguration(this, 'Security', {
      name: this.props.plan.pipeline,
      encryptionConfiguration: {
        s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn }],
        cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn },
        jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn },
      },
    });
  }

  private createJob(id: string, job: DataJob): CfnJob {
    const scope = new Construct(this, id);
    const role = new Role(scope, 'Role', {
      assumedBy: new ServicePrincipal('glue.amazonaws.com'),
      description: `What the job ${job.name} may do`,
    });
    const policy = grantCalls(scope, role, [...this.dataCalls(job), ...observationCalls(this)]);
    const encryptedLogs = localArn(this, 'logs', 'log-group:/aws-glue/jobs/*');
    policy.addStatements(new PolicyStatement({ actions: ['logs:AssociateKmsKey'], resources: [encryptedLogs] }));
    acknowledgePatterns(policy, [encryptedLogs]);
    const { plan, code } = this.props;
    const resource = new CfnJob(scope, 'Resource', {
      name: job.name,
      description: job.description,
      role: role.roleArn,
      securityConfiguration: this.security.ref,
      ...glueJob({ ...job.limits, version: plan.glue.version }, { script: job.script.uri, archive: code.archive.uri }),
    });
    resource.node.addDependency(policy);
    Tags.of(resource).add('Pipeline', plan.pipeline);
    return resource;
  }

  private dataCalls({ script, program, reads, writes }: DataJob): readonly ApiCall[] {
    const { bucketName, key, code } = this.props;
    const bucket = [bucketArn(bucketName)];
    const objects = (patterns: readonly string[]) => patterns.map((pattern) => objectArn(bucketName, pattern));
    const files = [script, program, code.archive];
    return [
      {
        api: 's3:GetObject',
        resources: {
          object: files.map((file) => objectArn(file.bucket, file.key)),
          bucket: [bucketArn(script.bucket)],
        },
      },
      { api: 's3:GetObject', resources: { object: objects([...reads, ...writes]), bucket, key: [key.keyArn] } },
      { api: 's3:PutObject', resources: { object: objects(writes), key: [key.keyArn] } },
    ];
  }
}

/** Logs and metrics, as every Spark job on Glue writes them. */
function observationCalls(scope: Construct): readonly ApiCall[] {
  const logGroup = [localArn(scope, 'logs', 'log-group:/aws-glue/jobs/*')];
  return [
    { api: 'logs:CreateLogGroup', resources: { logGroup } },
    { api: 'logs:DescribeLogStreams', resources: { logGroup } },
    { api: 'logs:CreateLogStream', resources: { logStream: logGroup } },
    { api: 'logs:PutLogEvents', resources: { logStream: logGroup } },
    { api: 'cloudwatch:PutMetricData', resources: {} },
  ];
}
