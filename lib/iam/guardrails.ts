import type { PolicyStatement } from './policy.ts';

/** What an account's owner protects from everybody who is not the pipeline: ARN patterns, any account. */
export interface GuardedPipeline {
  readonly pipeline: string;
  readonly executions: string;
  readonly stateMachine: string;
  readonly glueJobs: readonly string[];
  /** Training and processing jobs of the pipeline. */
  readonly sageMakerJobs: readonly string[];
  readonly functions: readonly string[];
  readonly ledger: string;
  /** Roles of the pipeline's own stack: its state machine starts jobs, its handlers keep the ledger. */
  readonly pipelineRoles: string;
}

export interface Guardrail extends PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
}

/** A statement with what the bound assumes as long as nobody attached it. */
export interface ExplainedGuardrail {
  readonly statement: Guardrail;
  readonly assumption: string;
}

/** Roles by which CDK deploys. Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html (2026-11-21). */
const DEPLOYMENT_ROLES = 'arn:aws:iam::*:role/cdk-*-cfn-exec-role-*';

const unless = (...roles: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': roles } });

/**
 * What the pipeline's own roles cannot bind: people and roles with other permissions. Each statement makes one
 * assumption of the bound true, wherever it is attached.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html (2026-11-21).
 */
export function guardrails(guarded: GuardedPipeline): readonly ExplainedGuardrail[] {
  const { executions, stateMachine, glueJobs, sageMakerJobs, functions, ledger, pipelineRoles } = guarded;
  return [
    {
      assumption: 'executions are not redriven: a redrive spends again, on one reservation',
      statement: { Sid: 'DenyRedrive', Effect: 'Deny', Action: ['states:RedriveExecution'], Resource: [executions] },
    },
    {
      assumption: "nobody starts the pipeline's jobs by hand: only its state machine does, once a run is admitted",
      statement: {
        Sid: 'DenyForeignJobs',
        Effect: 'Deny',
        Action: ['glue:StartJobRun', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob'],
        Resource: [...glueJobs, ...sageMakerJobs],
        Condition: unless(pipelineRoles),
      },
    },
    {
      assumption: 'what was bounded is what runs: state machine, jobs and functions change by deployment only',
      statement: {
        Sid: 'DenyChangesBesideDeployments',
        Effect: 'Deny',
        Action: [
          'states:UpdateStateMachine',
          'glue:UpdateJob',
          'lambda:UpdateFunctionCode',
          'lambda:UpdateFunctionConfiguration',
        ],
        Resource: [stateMachine, ...glueJobs, ...functions],
        Condition: unless(DEPLOYMENT_ROLES),
      },
    },
    {
      assumption: "nothing else runs with the pipeline's roles: deployments pass them, and its machine to its jobs",
      statement: {
        Sid: 'DenyForeignUseOfRoles',
        Effect: 'Deny',
        Action: ['iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:TagRole', 'iam:UntagRole'],
        Resource: [pipelineRoles],
        Condition: unless(pipelineRoles, DEPLOYMENT_ROLES),
      },
    },
    {
      assumption: "nobody but the pipeline's handlers writes its ledger",
      statement: {
        Sid: 'DenyLedgerChanges',
        Effect: 'Deny',
        Action: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
        Resource: [ledger],
        Condition: unless(pipelineRoles),
      },
    },
  ];
}

export const GUARDRAIL_FORMS = ['scp', 'boundary'] as const;
export type GuardrailForm = (typeof GUARDRAIL_FORMS)[number];

/** Grants nothing by itself: what a boundary allows is still to be allowed by a policy. */
const ALLOW_ALL = { Sid: 'EverythingElse', Effect: 'Allow', Action: ['*'], Resource: ['*'] } as const;

/** The policy to attach: to an account or unit (service control policy), or to people's roles (permission boundary). */
export function guardrailPolicy(guarded: GuardedPipeline, form: GuardrailForm) {
  const denials = guardrails(guarded).map(({ statement }) => statement);
  return { Version: '2012-10-17', Statement: form === 'boundary' ? [ALLOW_ALL, ...denials] : denials } as const;
}
