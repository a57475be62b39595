import { join } from 'node:path';
import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  GetJobRunsCommand,
  GetTableCommand,
  GlueClient,
  paginateGetPartitions,
} from '@aws-sdk/client-glue';
import {
  CreateModelPackageCommand,
  DescribeTrainingJobCommand,
  ListModelPackagesCommand,
  paginateListTrainingJobs,
  SageMakerClient,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { PartitionCatalog } from '../../../local/endpoint/glue-catalog.ts';
import { glueService } from '../../../local/endpoint/glue-service.ts';
import { ModelPackages } from '../../../local/endpoint/model-packages.ts';
import { sageMakerService } from '../../../local/endpoint/sagemaker-service.ts';
import { stepFunctionsService } from '../../../local/endpoint/step-functions-service.ts';
import { GlueRuns } from '../../../local/jobs/glue-runs.ts';
import { processingKind } from '../../../local/jobs/sagemaker/processing-kind.ts';
import { SageMakerJobs } from '../../../local/jobs/sagemaker/sagemaker-jobs.ts';
import { trainingKind } from '../../../local/jobs/sagemaker/training-kind.ts';
import { type RunRecord, RunStore } from '../../../local/state/run-store.ts';
import { ADMINISTRATOR, allow, localEndpoint, roleOf } from '../../support/local-endpoint.ts';
import { jobBench } from '../../support/local-jobs.ts';

const PLACE = { region: 'us-east-1', account: '000000000000' };
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:m:2001-01-22T09-00-00Z-0';
const TABLE = { DatabaseName: 'lake', TableName: 'flights' };

/** An endpoint with every service; whoever may call GetTable only is `reader`. */
async function allServices() {
  const bench = await jobBench();
  await bench.writeAsset('code/__main__.py', 'import time; time.sleep(600)\n');
  const training = new SageMakerJobs(bench.shell, trainingKind);
  const runs = new RunStore(bench.shell.state);
  const roles = [roleOf('reader', allow('glue:GetTable', '*'))];
  const endpoint = await localEndpoint({
    roles,
    json: ({ access, state }) => ({
      AWSGlue: glueService({
        ...PLACE,
        access,
        runs: new GlueRuns(bench.shell, []),
        catalog: new PartitionCatalog(state.catalog, [
          { database: 'lake', name: 'flights', input: { Name: 'flights' } },
        ]),
      }),
      SageMaker: sageMakerService({
        ...PLACE,
        access,
        training,
        processing: new SageMakerJobs(bench.shell, processingKind),
        packages: new ModelPackages({
          folder: join(state.root, 'packages'),
          groups: ['delays'],
          arnPrefix: 'arn:aws:sagemaker:us-east-1:000000000000:',
        }),
        now: () => 1000,
      }),
      AWSStepFunctions: stepFunctionsService({ access, runs, stateMachineArn: MACHINE }),
    }),
  });
  return {
    bench,
    training,
    runs,
    glue: (role = ADMINISTRATOR.name) => new GlueClient(endpoint.as(role)),
    sagemaker: new SageMakerClient(endpoint.as(ADMINISTRATOR.name)),
    stepFunctions: new SFNClient(endpoint.as(ADMINISTRATOR.name)),
  };
}

const partition = (day: string, location: string) => ({ Values: [day], StorageDescriptor: { Location: location } });

describe('the catalog', () => {
  test('keeps partitions, and says of each that it could not make or change', async () => {
    const { glue } = await allServices();
    const days = Array.from({ length: 3 }, (_, index) => `2001-01-0${index + 1}`);
    const created = { ...TABLE, PartitionInputList: days.map((day) => partition(day, 'old')) };
    const updated = {
      ...TABLE,
      Entries: ['2001-01-02', '2001-02-01'].map((day) => ({
        PartitionValueList: [day],
        PartitionInput: partition(day, 'new'),
      })),
    };

    const first = await glue().send(new BatchCreatePartitionCommand(created));
    const again = await glue().send(new BatchCreatePartitionCommand(created));
    const changed = await glue().send(new BatchUpdatePartitionCommand(updated));

    expect(first.Errors).toEqual([]);
    expect(again.Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode)).toEqual(
      days.map(() => 'AlreadyExistsException'),
    );
    expect(changed.Errors).toMatchObject([
      { PartitionValueList: ['2001-02-01'], ErrorDetail: { ErrorCode: 'EntityNotFoundException' } },
    ]);
    const listed: string[] = [];
    for await (const page of paginateGetPartitions({ client: glue(), pageSize: 2 }, TABLE)) {
      listed.push(
        ...(page.Partitions ?? []).map(({ Values, StorageDescriptor }) => `${Values} ${StorageDescriptor?.Location}`),
      );
    }
    expect(listed).toEqual(['2001-01-01 old', '2001-01-02 new', '2001-01-03 old']);
  });

  test('knows the tables of the app alone', async () => {
    const { glue } = await allServices();
    const { Table } = await glue().send(new GetTableCommand({ DatabaseName: 'lake', Name: 'flights' }));
    expect(Table).toMatchObject({ Name: 'flights', DatabaseName: 'lake' });
    await expect(glue().send(new GetTableCommand({ DatabaseName: 'lake', Name: 'x' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  test('obeys the caller’s policies', async () => {
    const { glue } = await allServices();
    await glue('reader').send(new GetTableCommand({ DatabaseName: 'lake', Name: 'flights' }));
    await expect(
      glue('reader').send(new BatchCreatePartitionCommand({ ...TABLE, PartitionInputList: [] })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('role/reader is not authorized to perform: glue:BatchCreatePartition'),
    });
  });

  test('has no runs of a job that never ran, and refuses what it has not by name', async () => {
    const { glue } = await allServices();
    expect(await glue().send(new GetJobRunsCommand({ JobName: 'ingest' }))).toMatchObject({ JobRuns: [] });
    await expect(glue().send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'x' } }))).rejects.toThrow(
      'AWSGlue.CreateDatabase is not available on the laptop',
    );
  });
});

describe('SageMaker', () => {
  const job = (name: string) => ({
    TrainingJobName: name,
    AlgorithmSpecification: { ContainerEntrypoint: ['python3', '/opt/ml/input/data/code/code.zip'] },
    InputDataConfig: [
      { ChannelName: 'code', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://assets/code.zip' } } },
    ],
    OutputDataConfig: { S3OutputPath: 's3://lake/models' },
    RoleArn: ADMINISTRATOR.arn,
  });

  test('lists jobs newest first by a part of their names, page by page, and describes them', async () => {
    const { sagemaker, training } = await allServices();
    for (const name of ['e-1-t0', 'e-1-t1', 'other', 'e-1-t2']) await training.create(job(name));

    const names: (string | undefined)[] = [];
    for await (const page of paginateListTrainingJobs({ client: sagemaker, pageSize: 2 }, { NameContains: 'e-1' })) {
      names.push(...(page.TrainingJobSummaries ?? []).map(({ TrainingJobName }) => TrainingJobName));
    }
    const described = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'e-1-t1' }));

    expect(names).toEqual(['e-1-t2', 'e-1-t1', 'e-1-t0']);
    expect(described).toMatchObject({ TrainingJobStatus: 'InProgress', RoleArn: ADMINISTRATOR.arn });
    expect(described.CreationTime).toBeInstanceOf(Date);
    await training.stopAll();
  });

  test('stops a job in progress, and refuses to stop one that has ended', async () => {
    const { sagemaker, training } = await allServices();
    await training.create(job('j'));
    const stop = () => sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'j' }));

    await stop();
    await training.ended('j');

    await expect(stop()).rejects.toMatchObject({ name: 'ValidationException' });
    const absent = new DescribeTrainingJobCommand({ TrainingJobName: 'absent' });
    await expect(sagemaker.send(absent)).rejects.toThrow('Requested resource not found');
  });

  test('numbers model packages, the same for the same client token', async () => {
    const { sagemaker } = await allServices();
    const create = (token: string) =>
      sagemaker.send(new CreateModelPackageCommand({ ModelPackageGroupName: 'delays', ClientToken: token }));

    const [first, second, again] = [await create('a'), await create('b'), await create('a')];

    expect(first.ModelPackageArn).toMatch(/:model-package\/delays\/1$/);
    expect(second.ModelPackageArn).toMatch(/:model-package\/delays\/2$/);
    expect(again.ModelPackageArn).toBe(first.ModelPackageArn);
    const { ModelPackageSummaryList } = await sagemaker.send(
      new ListModelPackagesCommand({ ModelPackageGroupName: 'delays' }),
    );
    expect(ModelPackageSummaryList?.map(({ ModelPackageVersion }) => ModelPackageVersion)).toEqual([2, 1]);
  });
});

describe('Step Functions', () => {
  test('tells the status of a run, and that there is none', async () => {
    const { stepFunctions, runs } = await allServices();
    await runs.save({
      version: 1,
      execution: '2001-01-22T09-00-00Z-0',
      arn: EXECUTION,
      status: 'ABORTED',
      startTime: '2026-01-01T00:00:00.000Z',
      stopTime: '2026-01-01T00:01:00.000Z',
      input: { slot: 's' },
      output: null,
      error: null,
      cause: 'killed',
      states: [],
    } as unknown as RunRecord);

    const found = await stepFunctions.send(new DescribeExecutionCommand({ executionArn: EXECUTION }));

    expect(found).toMatchObject({
      status: 'ABORTED',
      cause: 'killed',
      stateMachineArn: MACHINE,
      input: '{"slot":"s"}',
    });
    const other = new DescribeExecutionCommand({ executionArn: `${EXECUTION}1` });
    await expect(stepFunctions.send(other)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });
});
