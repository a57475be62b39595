import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { StateMachine } from '../asl/state-machine.ts';
import type { Plan } from '../plan/plan.ts';
import type { ResourceNames, RunHandler } from '../render/resource-names.ts';
import { renderStateMachine } from '../render/state-machine.ts';
import { trainingImage } from '../render/training-image.ts';
import { HANDLER_NAMES } from '../runs/handlers.ts';
import { declareBudgets } from './cost-metadata.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import { type HandlerEnvironment, HandlerFunction } from './handler-function.ts';
import type { JobCode } from './job-code.ts';
import { JobRole } from './job-role.ts';
import { physicalNames } from './physical-names.ts';
import type { RunFiles } from './run-files.ts';
import { runResources } from './run-resources.ts';
import { StateMachineRole } from './state-machine-role.ts';

/** What a run may cost at most, and from which templates that was computed: those of the draft, without this bound. */
export interface EnforcedBound {
  /** Exact decimal. */
  readonly usd: string;
  /** SHA-256 of those templates. */
  readonly definitionDigest: string;
  /** The part of each state that starts jobs, by its name: exact decimals. */
  readonly states: Readonly<Record<string, string>>;
}

export interface TrainingWorkflowProps {
  readonly plan: Plan;
  readonly bucketName: string;
  readonly key: IKey;
  readonly code: JobCode;
  readonly files: RunFiles;
  readonly databaseName: string;
  readonly modelPackageGroup: string;
  /** URI of the image of training and evaluation; default: the region's XGBoost image, by tag. */
  readonly image?: string;
  /** Absent in the draft from which it is computed: then no run is admitted. */
  readonly bound?: EnforcedBound;
}

/** `admit-run` is `AdmitRun`. */
const constructId = (handler: string): string =>
  handler.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

const isRunHandler = (name: (typeof HANDLER_NAMES)[number]): name is RunHandler => name !== 'start-run';

const enforcedVariables = ({ usd, definitionDigest, states }: EnforcedBound): HandlerEnvironment => ({
  boundUsd: usd,
  definitionDigest,
  stateBounds: JSON.stringify(states),
});

/** The state machine of a pipeline with everything that it invokes, and what settles a run however it ended. */
export class TrainingWorkflow extends Construct {
  readonly stateMachine: CfnStateMachine;
  /** The role whose calls start every job of the pipeline. */
  readonly role: IRole;
  readonly handlers: Readonly<Record<RunHandler, HandlerFunction>>;
  private readonly props: TrainingWorkflowProps;

  constructor(scope: Construct, id: string, props: TrainingWorkflowProps) {
    super(scope, id);
    pinFeatureFlags(this);
    this.props = props;
    const { plan, bucketName, key, code } = props;
    const image = props.image ?? trainingImage(plan.region);
    const jobs = new JobRole(this, 'Jobs', { pipeline: plan.pipeline, bucketName, key, code, image });
    this.handlers = this.createHandlers(image);
    const definition = renderStateMachine(plan, this.resourceNames(image, jobs.role.roleArn));
    const machineRole = this.createRole(definition, jobs.role.roleArn);
    this.role = machineRole.role;
    this.stateMachine = this.createStateMachine(definition, machineRole);
    this.createSettleRule();
  }

  private createHandlers(image: string): Readonly<Record<RunHandler, HandlerFunction>> {
    const { plan, key } = this.props;
    const resources = runResources(this, this.props);
    const environment = this.environment(image);
    const entries = HANDLER_NAMES.filter(isRunHandler).map((handler) => [
      handler,
      new HandlerFunction(this, constructId(handler), {
        pipeline: plan.pipeline,
        handler,
        environment,
        resources,
        key,
      }),
    ]);
    // Every name of the list above is a key.
    return Object.fromEntries(entries) as Record<RunHandler, HandlerFunction>;
  }

  private environment(image: string): HandlerEnvironment {
    const { plan, bucketName, files, code, bound } = this.props;
    const names = physicalNames(plan.pipeline, Stack.of(this).region);
    return {
      bucket: bucketName,
      runProgram: files.run.uri,
      runProgramDigest: files.run.sha256,
      priceBook: files.priceBook.uri,
      region: plan.region,
      codeDigest: code.archive.digest,
      lockDigest: code.lockDigest,
      image,
      catalogDatabase: this.props.databaseName,
      modelPackageGroup: this.props.modelPackageGroup,
      ingestJob: names.ingestJob,
      trainingSetJob: names.trainingSetJob,
      auditJob: names.auditJob,
      ...(bound === undefined ? {} : enforcedVariables(bound)),
    };
  }

  private resourceNames(image: string, jobRole: string): ResourceNames {
    const { plan, bucketName, key, code, files, bound } = this.props;
    const names = physicalNames(plan.pipeline, Stack.of(this).region);
    const handlers = Object.entries(this.handlers).map(([name, handler]) => [name, handler.function.functionArn]);
    return {
      bucket: bucketName,
      key: key.keyArn,
      ingestJob: names.ingestJob,
      trainingSetJob: names.trainingSetJob,
      auditJob: names.auditJob,
      programs: { ingest: files.ingest.uri, trainingSet: files.trainingSet.uri },
      code: { uri: code.archive.uri, file: code.archiveFile },
      image,
      jobRole,
      // One entry for each handler.
      handlers: Object.fromEntries(handlers) as ResourceNames['handlers'],
      ...(bound === undefined ? {} : { definitionDigest: bound.definitionDigest }),
    };
  }

  private createRole(definition: StateMachine, jobRole: string): StateMachineRole {
    return new StateMachineRole(this, 'Machine', {
      plan: this.props.plan,
      definition,
      resources: runResources(this, this.props),
      functions: Object.values(this.handlers).map((handler) => handler.function.functionArn),
      jobRole,
    });
  }

  private createStateMachine(definition: StateMachine, machineRole: StateMachineRole): CfnStateMachine {
    const { plan, key } = this.props;
    const stateMachineName = physicalNames(plan.pipeline, Stack.of(this).region).stateMachine;
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineName,
      stateMachineType: 'STANDARD',
      definitionString: Stack.of(this).toJsonString(definition),
      roleArn: machineRole.role.roleArn,
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: false,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
    });
    declareBudgets(machine, plan.bounds);
    machine.node.addDependency(machineRole);
    return machine;
  }

  /** A stop, a timeout and an abort reach no state: whatever ends an execution, it is settled. */
  private createSettleRule(): Rule {
    const target = new LambdaFunction(this.handlers['settle-run'].function, {
      retryAttempts: 8,
      maxEventAge: Duration.hours(2),
    });
    return new Rule(this, 'ExecutionEnded', {
      description: `Settles runs of ${this.props.plan.pipeline} however they ended`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [this.stateMachine.attrArn],
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [target],
    });
  }
}
