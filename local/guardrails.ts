import { ledgerPrefix } from '../lib/contracts/object-keys.ts';
import type { GuardedPipeline } from '../lib/iam/guardrails.ts';
import { jobNamePattern } from '../lib/runs/job-names.ts';
import { readDeployment } from './assembly/deployment.ts';
import { type Assembly, readAssembly } from './assembly/read-assembly.ts';
import { readPipelineFacts } from './pipeline-facts.ts';

/**
 * CloudFormation begins the name of a role with its stack's name, cut off where the whole would pass 64 characters;
 * so much of it is kept always.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html (2026-11-21).
 */
const KEPT_OF_STACK_NAME = 24;

/**
 * What there is to protect of a synthesized pipeline, by patterns that hold in any account.
 * @throws UserError unreadable-assembly, invalid-input, no-pipeline
 */
export async function readGuardedPipeline(assemblyFolder: string): Promise<GuardedPipeline> {
  const assembly = await readAssembly(assemblyFolder);
  const deployment = readDeployment(assembly);
  const { pipeline, dataBucket } = await readPipelineFacts(deployment);
  const { region, account, stateMachine, glueJobs, functions } = deployment;
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:*:${resource}`;
  return {
    pipeline,
    stateMachine: arn('states', `stateMachine:${stateMachine.name}`),
    executions: arn('states', `execution:${stateMachine.name}:*`),
    glueJobs: glueJobs.map(({ name }) => arn('glue', `job/${name}`)),
    sageMakerJobs: ['training-job', 'processing-job'].map((kind) =>
      arn('sagemaker', `${kind}/${jobNamePattern(pipeline)}`),
    ),
    functions: functions.map(({ name }) => arn('lambda', `function:${name}`)),
    ledger: `arn:aws:s3:::${dataBucket.replace(account, '*')}/${ledgerPrefix(pipeline)}*`,
    pipelineRoles: `arn:aws:iam::*:role/${rolePrefix(stackOfMachine(assembly))}*`,
  };
}

const rolePrefix = (stack: string): string => `${stack}-`.slice(0, KEPT_OF_STACK_NAME);

function stackOfMachine({ resources }: Assembly): string {
  return resources.find(({ type }) => type === 'AWS::StepFunctions::StateMachine')?.stack ?? '';
}
