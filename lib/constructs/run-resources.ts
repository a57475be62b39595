import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Plan } from '../plan/plan.ts';
import type { HandlerResources } from '../runs/handlers.ts';
import { jobNamePattern } from '../runs/job-names.ts';
import { bucketArn, localArn, objectArn } from './arns.ts';
import { physicalNames } from './physical-names.ts';
import type { RunFiles } from './run-files.ts';

export interface RunResourcesProps {
  readonly plan: Plan;
  readonly bucketName: string;
  readonly key: IKey;
  readonly files: RunFiles;
}

/** ARNs of everything that the handlers and the state machine of a pipeline touch. */
export function runResources(scope: Construct, { plan, bucketName, key, files }: RunResourcesProps) {
  const { pipeline, sources } = plan;
  const names = physicalNames(pipeline, Stack.of(scope).region);
  const arn = (service: string, resource: string) => localArn(scope, service, resource);
  return {
    pipeline,
    sources: sources.map(({ name }) => name),
    bucket: bucketArn(bucketName),
    objects: (pattern: string) => objectArn(bucketName, pattern),
    key: key.keyArn,
    programBucket: bucketArn(files.run.bucket),
    runProgram: objectArn(files.run.bucket, files.run.key),
    priceBook: objectArn(files.priceBook.bucket, files.priceBook.key),
    glueJobs: [names.ingestJob, names.trainingSetJob, names.auditJob].map((name) => arn('glue', `job/${name}`)),
    trainingJobs: arn('sagemaker', `training-job/${jobNamePattern(pipeline)}`),
    processingJobs: arn('sagemaker', `processing-job/${jobNamePattern(pipeline)}`),
    catalog: arn('glue', 'catalog'),
    database: arn('glue', `database/${names.database}`),
    tables: sources.map(({ name }) => arn('glue', `table/${names.database}/${name}`)),
    modelPackageGroup: arn('sagemaker', `model-package-group/${names.modelPackageGroup}`),
    modelPackages: arn('sagemaker', `model-package/${names.modelPackageGroup}/*`),
    stateMachine: arn('states', `stateMachine:${names.stateMachine}`),
    executions: arn('states', `execution:${names.stateMachine}:*`),
  } satisfies HandlerResources<string>;
}
