import { Aws, Token } from 'aws-cdk-lib/core';

/**
 * Names of a pipeline's resources, known before any of them exists: stacks refer to each other by name, and policies
 * read like what they allow. Account and region are the deploying stack's.
 */
export interface PhysicalNames {
  readonly dataBucket: string;
  readonly logBucket: string;
  readonly database: string;
  readonly ingestJob: string;
  readonly trainingSetJob: string;
  readonly auditJob: string;
  readonly stateMachine: string;
  readonly modelPackageGroup: string;
  readonly handler: (name: string) => string;
}

/** @param region the stack's region, a text or a token */
export function physicalNames(pipeline: string, region: string): PhysicalNames {
  const place = `${Aws.ACCOUNT_ID}-${Token.isUnresolved(region) ? Aws.REGION : region}`;
  return {
    dataBucket: `${pipeline}-data-${place}`,
    logBucket: `${pipeline}-logs-${place}`,
    database: pipeline.replaceAll('-', '_'),
    ingestJob: `${pipeline}-ingest`,
    trainingSetJob: `${pipeline}-training-set`,
    auditJob: `${pipeline}-audit`,
    stateMachine: pipeline,
    modelPackageGroup: pipeline,
    handler: (name) => `${pipeline}-${name}`,
  };
}
