import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchStopJobRunCommand,
  BatchUpdatePartitionCommand,
  GetJobRunsCommand,
  GetTableCommand,
  GlueClient,
  type JobRun,
  type PartitionInput,
} from '@aws-sdk/client-glue';
import {
  CreateModelPackageCommand,
  type CreateModelPackageCommandInput,
  DescribeProcessingJobCommand,
  DescribeTrainingJobCommand,
  ListProcessingJobsCommand,
  ListTrainingJobsCommand,
  type ProcessingJobStatus,
  SageMakerClient,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
  type TrainingJobStatus,
} from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { DIRECT, MemoryS3, type Wire } from './memory-s3.ts';

export interface FakeTrainingJob {
  status: TrainingJobStatus;
  readonly billableSeconds?: number;
  readonly trainingSeconds?: number;
}
export interface FakeProcessingJob {
  status: ProcessingJobStatus;
  readonly start?: Date;
  readonly end?: Date;
}

export interface FakeExecution {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly stop?: Date;
}

/** The services that handlers call, in memory; every change of theirs goes over the same wire as S3's. */
export class FakeCloud {
  readonly s3 = new MemoryS3();
  /** Runs by job name. */
  readonly glueRuns = new Map<string, JobRun[]>();
  readonly partitions = new Map<string, PartitionInput>();
  /** Names of the partitions that were created in each table. */
  readonly tables = new Map<string, string[]>();
  readonly trainingJobs = new Map<string, FakeTrainingJob>();
  readonly processingJobs = new Map<string, FakeProcessingJob>();
  readonly packages = new Map<string, CreateModelPackageCommandInput>();
  /** By ARN; an execution that goes on has no stop. */
  readonly executions = new Map<string, FakeExecution>();
  readonly #glue = mockClient(GlueClient);
  readonly #sagemaker = mockClient(SageMakerClient);
  readonly #stepFunctions = mockClient(SFNClient);

  constructor() {
    this.#fakeGlueJobs();
    this.#fakeCatalog();
    this.#fakeTraining();
    this.#fakeProcessing();
    this.#fakePackages();
    this.#stepFunctions.on(DescribeExecutionCommand).callsFake(async ({ executionArn }) => {
      await this.s3.wire.before('describe execution');
      const execution = this.executions.get(executionArn);
      if (execution === undefined) throw new ExecutionDoesNotExist({ $metadata: {}, message: executionArn });
      return { status: execution.status, stopDate: execution.stop };
    });
  }

  set wire(wire: Wire) {
    this.s3.wire = wire;
  }

  /** From now on the process dies instead of making the request of this number, counted from 0. */
  crashBefore(request: number): void {
    let requests = 0;
    this.wire = {
      ...DIRECT,
      before: async (call) => {
        requests += 1;
        if (requests > request) throw new Error(`crashed before ${call}`);
      },
    };
  }

  /** From now on the process dies right after the change of this number, counted from 0. */
  crashAfter(change: number): void {
    let changes = 0;
    this.wire = {
      ...DIRECT,
      after: (call) => {
        changes += 1;
        if (changes > change) throw new Error(`crashed after ${call}`);
      },
    };
  }

  snapshot(): object {
    return {
      objects: this.s3.snapshot(),
      partitions: Object.fromEntries(
        [...this.partitions].map(([values, input]) => [values, input.StorageDescriptor?.Location]),
      ),
      packages: [...this.packages],
    };
  }

  restore(): void {
    this.s3.restore();
    this.#glue.restore();
    this.#sagemaker.restore();
    this.#stepFunctions.restore();
  }

  #fakeGlueJobs(): void {
    this.#glue.on(GetJobRunsCommand).callsFake(async ({ JobName }) => {
      await this.s3.wire.before('get job runs');
      return { JobRuns: this.glueRuns.get(JobName) ?? [] };
    });
    this.#glue.on(BatchStopJobRunCommand).callsFake(async ({ JobName, JobRunIds }) => {
      await this.s3.wire.before('stop job runs');
      const runs = this.glueRuns.get(JobName) ?? [];
      const stopped = runs.map((run) =>
        JobRunIds.includes(run.Id) ? { ...run, JobRunState: 'STOPPING' as const } : run,
      );
      this.glueRuns.set(JobName, stopped);
      this.s3.wire.after('stop job runs');
      return {};
    });
  }

  #fakeCatalog(): void {
    const nameOf = (values: readonly string[]): string => values.join('/');
    this.#glue.on(GetTableCommand).resolves({
      Table: {
        Name: 'flights',
        StorageDescriptor: { Columns: [{ Name: 'delay', Type: 'bigint' }], Location: 's3://x/' },
      },
    });
    this.#glue.on(BatchCreatePartitionCommand).callsFake(({ TableName, PartitionInputList }) => {
      const existing = PartitionInputList.filter(({ Values }: PartitionInput) =>
        this.partitions.has(nameOf(Values ?? [])),
      );
      for (const input of PartitionInputList) {
        if (existing.includes(input)) continue;
        this.partitions.set(nameOf(input.Values), input);
        this.tables.set(TableName, [...(this.tables.get(TableName) ?? []), nameOf(input.Values)]);
      }
      this.s3.wire.after('create partitions');
      return {
        Errors: existing.map(({ Values }: PartitionInput) => ({
          PartitionValues: Values,
          ErrorDetail: { ErrorCode: 'AlreadyExistsException', ErrorMessage: 'Partition already exists.' },
        })),
      };
    });
    this.#glue.on(BatchUpdatePartitionCommand).callsFake(({ Entries }) => {
      for (const { PartitionValueList, PartitionInput } of Entries) {
        this.partitions.set(nameOf(PartitionValueList), PartitionInput);
      }
      this.s3.wire.after('update partitions');
      return {};
    });
    this.#glue.on(BatchDeletePartitionCommand).callsFake(({ PartitionsToDelete }) => {
      for (const { Values } of PartitionsToDelete) this.partitions.delete(nameOf(Values));
      this.s3.wire.after('delete partitions');
      return {};
    });
  }

  #fakeTraining(): void {
    this.#sagemaker.on(ListTrainingJobsCommand).callsFake(async ({ NameContains }) => {
      await this.s3.wire.before('list training jobs');
      const names = [...this.trainingJobs.keys()].filter((name) => name.includes(NameContains));
      return { TrainingJobSummaries: names.map((TrainingJobName) => ({ TrainingJobName })) };
    });
    this.#sagemaker.on(DescribeTrainingJobCommand).callsFake(async ({ TrainingJobName }) => {
      await this.s3.wire.before('describe training job');
      const job = this.trainingJobs.get(TrainingJobName);
      return {
        TrainingJobName,
        TrainingJobStatus: job?.status,
        BillableTimeInSeconds: job?.billableSeconds,
        TrainingTimeInSeconds: job?.trainingSeconds,
        ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
      };
    });
    this.#sagemaker.on(StopTrainingJobCommand).callsFake(async ({ TrainingJobName }) => {
      await this.s3.wire.before('stop training job');
      const job = this.trainingJobs.get(TrainingJobName);
      if (job !== undefined) job.status = 'Stopping';
      this.s3.wire.after('stop training job');
      return {};
    });
  }

  #fakeProcessing(): void {
    this.#sagemaker.on(ListProcessingJobsCommand).callsFake(async ({ NameContains }) => {
      await this.s3.wire.before('list processing jobs');
      const names = [...this.processingJobs.keys()].filter((name) => name.includes(NameContains));
      return { ProcessingJobSummaries: names.map((ProcessingJobName) => ({ ProcessingJobName })) };
    });
    this.#sagemaker.on(DescribeProcessingJobCommand).callsFake(async ({ ProcessingJobName }) => {
      await this.s3.wire.before('describe processing job');
      const job = this.processingJobs.get(ProcessingJobName);
      return {
        ProcessingJobName,
        ProcessingJobStatus: job?.status,
        ProcessingStartTime: job?.start,
        ProcessingEndTime: job?.end,
        ProcessingResources: {
          ClusterConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
        },
      };
    });
    this.#sagemaker.on(StopProcessingJobCommand).callsFake(async ({ ProcessingJobName }) => {
      await this.s3.wire.before('stop processing job');
      const job = this.processingJobs.get(ProcessingJobName);
      if (job !== undefined) job.status = 'Stopping';
      this.s3.wire.after('stop processing job');
      return {};
    });
  }

  #fakePackages(): void {
    this.#sagemaker.on(CreateModelPackageCommand).callsFake(async (input: CreateModelPackageCommandInput) => {
      await this.s3.wire.before('create model package');
      const token = String(input.ClientToken);
      this.packages.set(token, this.packages.get(token) ?? input);
      const number = [...this.packages.keys()].indexOf(token) + 1;
      this.s3.wire.after('create model package');
      return { ModelPackageArn: `arn:aws:sagemaker:us-east-1:000000000000:model-package/flights/${number}` };
    });
  }
}
