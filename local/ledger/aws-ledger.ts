import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  paginateListStateMachines,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { Ledger } from '../../lib/contracts/ledger.ts';
import { ledgerPrefix, objectUri } from '../../lib/contracts/object-keys.ts';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { must } from '../../lib/errors/fault.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { ledgerReader } from '../../lib/runs/documents.ts';
import type { ExecutionView } from '../../lib/runs/execution-end.ts';
import { type Deployment, readDeployment } from '../assembly/deployment.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { LambdaFunctions } from '../functions/lambda-functions.ts';
import { readPipelineFacts } from '../pipeline-facts.ts';
import { deliverRunEnded } from '../rules.ts';
import type { PipelineLedger } from './pipeline-ledger.ts';

interface Clients {
  readonly s3: S3Client;
  readonly stepFunctions: SFNClient;
}

/**
 * Opens the ledger of a deployed pipeline, with the caller's own credentials. Runs are settled by the function that is
 * in the assembly, executed here: it must be what was deployed.
 *
 * @param assembly folder of the cloud assembly, absolute
 * @throws UserError unreadable-assembly, not-deployed, aws-call-failed
 */
export async function withAwsLedger<Result>(
  assembly: string,
  use: (ledger: PipelineLedger) => Promise<Result>,
): Promise<Result> {
  const { region, stateMachine } = readDeployment(await readAssembly(assembly));
  const clients = { s3: new S3Client({ region }), stepFunctions: new SFNClient({ region }) };
  const folder = await mkdtemp(join(tmpdir(), 'hundredfold-ledger-'));
  try {
    const account = await explained('finding the state machine', () => findAccount(clients, stateMachine.name, region));
    const deployment = readDeployment(await readAssembly(assembly, account));
    const functions = new LambdaFunctions(await functionHost(clients, region, folder), deployment.functions);
    try {
      return await use(await ledgerOf(deployment, clients, functions));
    } finally {
      await functions.close();
    }
  } finally {
    clients.s3.destroy();
    clients.stepFunctions.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The account that the caller's credentials belong to, from the ARN of the deployed state machine. */
async function findAccount({ stepFunctions }: Clients, name: string, region: string): Promise<string> {
  for await (const page of paginateListStateMachines({ client: stepFunctions }, {})) {
    const machine = page.stateMachines?.find((candidate) => candidate.name === name);
    const account = machine?.stateMachineArn?.split(':')[4];
    if (account !== undefined) return account;
  }
  throw new UserError({
    code: 'not-deployed',
    message: `there is no state machine ${name} in ${region} of this account`,
    resolution: 'use credentials of the account that the pipeline is deployed to, and the assembly that was deployed',
  });
}

async function functionHost({ stepFunctions }: Clients, region: string, folder: string) {
  const { accessKeyId, secretAccessKey, sessionToken } = await explained('reading credentials', () =>
    stepFunctions.config.credentials(),
  );
  const { AWS_ENDPOINT_URL } = process.env;
  const variables: NodeJS.ProcessEnv = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    ...(AWS_ENDPOINT_URL === undefined ? {} : { AWS_ENDPOINT_URL }),
  };
  return {
    region,
    callsAs: () => variables,
    compileCache: join(folder, 'compile-cache'),
    logFile: (name: string) => join(folder, `${name}.log`),
  };
}

async function ledgerOf(deployment: Deployment, clients: Clients, functions: LambdaFunctions): Promise<PipelineLedger> {
  const { pipeline, dataBucket } = await readPipelineFacts(deployment);
  const prefix = ledgerPrefix(pipeline);
  return {
    pipeline,
    place: objectUri(dataBucket, prefix),
    listLedgers: () => explained('reading the ledger', () => listLedgers(clients, dataBucket, prefix)),
    describeExecution: ({ executionArn }) =>
      explained('describing an execution', () => describeExecution(clients, executionArn)),
    deliverEnd: (ended) => deliverRunEnded(deployment, functions, ended),
  };
}

async function listLedgers({ s3 }: Clients, bucket: string, prefix: string): Promise<readonly Ledger[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...(page.Contents ?? []).map(({ Key }) => must(Key, 'a key')));
  }
  return Promise.all(
    keys.map(async (key) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const json: unknown = JSON.parse(await must(Body, 'a body').transformToString());
      return readOrThrow(ledgerReader, json, objectUri(bucket, key));
    }),
  );
}

async function describeExecution({ stepFunctions }: Clients, executionArn: string): Promise<ExecutionView | null> {
  try {
    const { status, stopDate } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return { status: must(status, `the status of ${executionArn}`), stopTime: stopDate?.getTime() ?? null };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw error;
  }
}

/** What AWS refuses is for the caller to put right: credentials, permissions, network. */
async function explained<Result>(doing: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof UserError || !(cause instanceof Error)) throw cause;
    throw new UserError({
      code: 'aws-call-failed',
      message: `${doing} failed: ${cause.name}: ${cause.message}`,
      resolution:
        'check AWS_PROFILE or the other variables of the AWS SDK, and the permissions of that identity; where guardrails keep people from the ledger, the next run settles it',
      cause,
    });
  }
}
