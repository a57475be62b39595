import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StateMachine } from '../asl/state-machine.ts';
import type { Plan } from '../plan/plan.ts';
import { jobLimits } from '../render/job-limits.ts';
import type { HandlerResources } from '../runs/handlers.ts';
import { localArn } from './arns.ts';
import { acknowledgePatterns, grantCalls } from './derived-policy.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import { GlueUsageProfile } from './glue-usage-profile.ts';
import { stateMachineCalls, type TaskResources } from './state-machine-calls.ts';

export interface StateMachineRoleProps {
  readonly plan: Plan;
  readonly definition: StateMachine;
  readonly resources: HandlerResources<string>;
  /** ARNs of the functions that it invokes. */
  readonly functions: readonly string[];
  /** ARN of the role that it passes to training and evaluation jobs. */
  readonly jobRole: string;
}

/**
 * Delivery of execution logs, and traces.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html (2026-11-20).
 */
const OBSERVATION_ACTIONS = [
  'logs:CreateLogDelivery',
  'logs:CreateLogStream',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutLogEvents',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** The rules by which Step Functions learns that a job ended. Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html (2026-11-20). */
const TRAINING_RULE = 'rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule';
const PROCESSING_RULE = 'rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule';

/** The role of the state machine: the calls of its tasks, derived from its definition, and its own logs and traces. */
export class StateMachineRole extends Construct {
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: StateMachineRoleProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `What runs of ${props.resources.pipeline} may do`,
    });
    const policy = grantCalls(
      this,
      role,
      stateMachineCalls(props.definition, (resource) => this.touchedBy(resource, props)),
    );
    policy.addStatements(
      new PolicyStatement({ actions: OBSERVATION_ACTIONS, resources: ['*'] }),
      ...jobLimits(props.plan, {
        training: props.resources.trainingJobs,
        processing: props.resources.processingJobs,
      }).map((statement) => PolicyStatement.fromJson(statement)),
    );
    acknowledgePatterns(policy, ['*']);
    new GlueUsageProfile(this, 'UsageProfile', { plan: props.plan, role, policy });
    this.role = role;
  }

  private touchedBy(resource: string, { resources, functions, jobRole }: StateMachineRoleProps): TaskResources {
    const rule = (name: string) => [localArn(this, 'events', name)];
    switch (resource.replace(/^arn:[^:]+:states:::/, '')) {
      case 'lambda:invoke':
        return { function: functions };
      case 'glue:startJobRun.sync':
        return { glueJob: resources.glueJobs };
      case 'sagemaker:createTrainingJob.sync':
        return { trainingJob: [resources.trainingJobs], role: [jobRole], rule: rule(TRAINING_RULE) };
      case 'sagemaker:createProcessingJob.sync':
        return { processingJob: [resources.processingJobs], role: [jobRole], rule: rule(PROCESSING_RULE) };
      case 'aws-sdk:s3:getObject':
        return { object: reportPatterns(resources), bucket: [resources.bucket], key: [resources.key] };
      default:
        return {};
    }
  }
}

/** The reports that states read themselves. */
const reportPatterns = ({ pipeline, objects }: HandlerResources<string>): readonly string[] =>
  [
    `ingest/${pipeline}/*/quality.json`,
    `training-sets/${pipeline}/*/manifest.json`,
    `training-sets/${pipeline}/*/audits/*/report.json`,
    `models/${pipeline}/evaluations/*/report.json`,
  ].map(objects);
