import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SourceRevision } from '../contracts/run-input.ts';
import type { Plan } from '../plan/plan.ts';
import { scheduleExpression } from '../render/schedule-expression.ts';
import { declareStarts } from './cost-metadata.ts';
import { grantCalls } from './derived-policy.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import { HandlerFunction } from './handler-function.ts';
import type { RunFiles } from './run-files.ts';
import { runResources } from './run-resources.ts';

export interface RetrainScheduleProps {
  readonly plan: Plan;
  readonly bucketName: string;
  readonly key: IKey;
  readonly files: RunFiles;
  /** What scheduled runs say of the code that was deployed. */
  readonly revision: SourceRevision;
}

/** EventBridge delivers at least once: few tries, soon after the tick; a duplicate is a no-op by the execution's name. */
const DELIVERY = { maximumRetryAttempts: 4, maximumEventAgeInSeconds: 3_600 } as const;

/** The schedule of a pipeline in its time zone, and the function that names the execution by the slot. */
export class RetrainSchedule extends Construct {
  readonly schedule: CfnSchedule;

  constructor(scope: Construct, id: string, props: RetrainScheduleProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const { plan, key, revision } = props;
    const { pipeline } = plan;
    const resources = runResources(this, props);
    const starter = new HandlerFunction(this, 'StartRun', {
      pipeline,
      handler: 'start-run',
      environment: { stateMachine: resources.stateMachine, revision: JSON.stringify(revision) },
      resources,
      key,
    });
    declareStarts(starter.function, resources.stateMachine);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Lets the schedule of ${pipeline} invoke its starter`,
    });
    grantCalls(this, role, [{ api: 'lambda:Invoke', resources: { function: [starter.function.functionArn] } }]);
    this.schedule = new CfnSchedule(this, 'Schedule', {
      name: pipeline,
      description: `Retrains ${pipeline}: ${plan.schedule.cron} in ${plan.schedule.zone}`,
      scheduleExpression: scheduleExpression(plan.schedule.cron),
      scheduleExpressionTimezone: plan.schedule.zone,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: starter.function.functionArn,
        roleArn: role.roleArn,
        input: Stack.of(this).toJsonString({ scheduledTime: '<aws.scheduler.scheduled-time>' }),
        retryPolicy: DELIVERY,
      },
    });
  }
}
