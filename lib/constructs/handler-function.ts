import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HANDLER_ENVIRONMENT } from '../contracts/state-payload.ts';
import type { ApiCall } from '../iam/api-call.ts';
import { HANDLERS, type HandlerName, type HandlerResources } from '../runs/handlers.ts';
import { localArn } from './arns.ts';
import { grantCalls } from './derived-policy.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import { builtPath } from './package-root.ts';
import { physicalNames } from './physical-names.ts';

/** Values of the handlers' environment; a handler is given those that it reads. */
export type HandlerEnvironment = Readonly<Partial<Record<keyof typeof HANDLER_ENVIRONMENT, string>>>;

export interface HandlerFunctionProps {
  readonly pipeline: string;
  readonly handler: HandlerName;
  readonly environment: HandlerEnvironment;
  readonly resources: HandlerResources<string>;
  /** Encrypts logs and environment. */
  readonly key: IKey;
}

/** One handler as a Lambda function of its bundle, with a role that allows its calls and no more. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const { pipeline, handler, key } = props;
    const functionName = physicalNames(pipeline, Stack.of(this).region).handler(handler);
    const logGroupName = `/aws/lambda/${functionName}`;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName,
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What the function ${functionName} may do`,
    });
    const definition = HANDLERS[handler];
    const policy = grantCalls(this, this.role, [
      ...definition.calls(props.resources),
      ...logCalls(localArn(this, 'logs', `log-group:${logGroupName}:*`)),
    ]);
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(builtPath('dist', 'lambdas', handler)),
      memorySize: definition.memoryMb,
      timeout: Duration.seconds(definition.timeoutSeconds),
      environment: environmentOf(handler, props.environment),
      role: this.role.withoutPolicyUpdates(),
      logGroup,
    });
    this.function.node.addDependency(policy);
  }
}

/** Writing to streams of a log group that exists already. */
function logCalls(streams: string): readonly ApiCall[] {
  return [
    { api: 'logs:CreateLogStream', resources: { logStream: [streams] } },
    { api: 'logs:PutLogEvents', resources: { logStream: [streams] } },
  ];
}

function environmentOf(handler: HandlerName, values: HandlerEnvironment): Record<string, string> {
  const names: readonly (keyof typeof HANDLER_ENVIRONMENT)[] = HANDLERS[handler].environment;
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[HANDLER_ENVIRONMENT[name], values[name]]])),
  );
}
