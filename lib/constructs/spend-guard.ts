import { CfnBudget, CfnBudgetsAction } from 'aws-cdk-lib/aws-budgets';
import { Effect, type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type Usd, usdToDecimal } from '../units/usd.ts';
import { pinFeatureFlags } from './feature-flags.ts';

export interface SpendGuardProps {
  readonly pipeline: string;
  readonly monthUsd: Usd;
  /** Roles that start jobs: they lose the right when the month's budget is spent. */
  readonly roles: readonly IRole[];
}

/** Per cent of the month's budget at which people are told: what was billed, and what is forecast. */
const ACTUAL_THRESHOLDS = [50, 80, 100];
const FORECAST_THRESHOLD = 100;

/** What a spent budget takes away. */
const JOB_STARTS = ['glue:StartJobRun', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob'];

/**
 * The late backstop behind the ledger: AWS Budgets sees bills hours later, tells people, and takes the run roles'
 * right to start jobs until the period ends. It counts what carries the cost allocation tag `Pipeline`, which an
 * account's owner activates once.
 * Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html (2026-11-20).
 */
export class SpendGuard extends Construct {
  readonly topic: Topic;
  private readonly props: SpendGuardProps;

  constructor(scope: Construct, id: string, props: SpendGuardProps) {
    super(scope, id);
    pinFeatureFlags(this);
    this.props = props;
    this.topic = this.createTopic();
    const budget = this.createBudget();
    this.createAction(budget);
  }

  /** Without a grant on its key, Budgets would drop what it publishes without a word. */
  private createTopic(): Topic {
    const budgets = new ServicePrincipal('budgets.amazonaws.com');
    const fromHere = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const key = new Key(this, 'Key', {
      description: `Encrypts budget alarms of ${this.props.pipeline}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    key.grantEncryptDecrypt(budgets.withConditions(fromHere));
    const topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'BudgetsPublishes',
        principals: [budgets],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: fromHere,
      }),
    );
    return topic;
  }

  private createBudget(): CfnBudget {
    const { pipeline, monthUsd } = this.props;
    const subscribers = [{ subscriptionType: 'SNS', address: this.topic.topicArn }];
    const notification = (notificationType: string, threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers,
    });
    return new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: pipeline,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: Number(usdToDecimal(monthUsd)), unit: 'USD' },
        costFilters: { TagKeyValue: [`user:Pipeline$${pipeline}`] },
      },
      notificationsWithSubscribers: [
        ...ACTUAL_THRESHOLDS.map((threshold) => notification('ACTUAL', threshold)),
        notification('FORECASTED', FORECAST_THRESHOLD),
      ],
    });
  }

  private createAction(budget: CfnBudget): CfnBudgetsAction {
    const deny = new ManagedPolicy(this, 'DenyJobs', {
      description: `Attached when the month's budget of ${this.props.pipeline} is spent`,
      statements: [new PolicyStatement({ effect: Effect.DENY, actions: JOB_STARTS, resources: ['*'] })],
    });
    const action = new CfnBudgetsAction(this, 'Action', {
      budgetName: budget.ref,
      actionType: 'APPLY_IAM_POLICY',
      actionThreshold: { type: 'PERCENTAGE', value: 100 },
      notificationType: 'ACTUAL',
      approvalModel: 'AUTOMATIC',
      executionRoleArn: this.createExecutionRole(deny).roleArn,
      definition: {
        iamActionDefinition: {
          policyArn: deny.managedPolicyArn,
          roles: this.props.roles.map((role) => role.roleName),
        },
      },
      subscribers: [{ type: 'SNS', address: this.topic.topicArn }],
    });
    return action;
  }

  /** May attach and detach that one policy, to and from the run roles only. */
  private createExecutionRole(deny: ManagedPolicy): Role {
    const role = new Role(this, 'ActionRole', {
      assumedBy: new ServicePrincipal('budgets.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Lets the budget of ${this.props.pipeline} stop new jobs`,
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
        resources: this.props.roles.map((held) => held.roleArn),
        conditions: { ArnEquals: { 'iam:PolicyARN': deny.managedPolicyArn } },
      }),
    );
    return role;
  }
}
