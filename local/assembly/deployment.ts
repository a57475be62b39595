import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  type ResolvedResource,
  textAt,
} from '../cloudformation/template.ts';
import type { Assembly, Asset } from './read-assembly.ts';
import { type Role, readRoles } from './roles.ts';
import { type DeployedSchedule, readSchedules } from './schedules.ts';

export interface DeployedStateMachine {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Its definition as parsed JSON, every reference resolved. */
  readonly definition: unknown;
}

export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Folder of the bundle, absolute. */
  readonly bundle: string;
  /** `index.handler` */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface DeployedGlueJob {
  readonly name: string;
  readonly roleArn: string;
  /** `s3://` URI of the script. */
  readonly scriptUri: string;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly timeoutMinutes: number;
  readonly concurrentRuns: number;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  readonly glueVersion: string;
}

export interface DeployedBucket {
  readonly name: string;
  /** ARN of the key that encrypts its objects; null: S3's own. */
  readonly keyArn: string | null;
}

export interface DeployedTable {
  readonly database: string;
  readonly name: string;
  /** As the Glue API takes it: columns, partition keys, format. */
  readonly input: JsonObject;
}

/** A rule on execution status changes and the functions that it invokes. */
export interface DeployedRule {
  readonly name: string;
  readonly pattern: JsonObject;
  readonly functionArns: readonly string[];
}

/** What the templates deploy, by kind, as far as a run touches it. */
export interface Deployment {
  readonly region: string;
  readonly account: string;
  readonly stateMachine: DeployedStateMachine;
  readonly functions: readonly DeployedFunction[];
  readonly glueJobs: readonly DeployedGlueJob[];
  readonly buckets: readonly DeployedBucket[];
  readonly roles: readonly Role[];
  readonly tables: readonly DeployedTable[];
  readonly modelPackageGroups: readonly string[];
  readonly rules: readonly DeployedRule[];
  readonly schedules: readonly DeployedSchedule[];
  readonly assets: readonly Asset[];
}

/**
 * Finds what a run touches in a resolved assembly.
 *
 * @throws UserError invalid-input where something is missing or cannot be run on the laptop, all of it at once
 */
export function readDeployment(assembly: Assembly): Deployment {
  const diagnostics: Diagnostic[] = [];
  const context: ReadingContext = { assembly, report: (diagnostic) => diagnostics.push(diagnostic) };
  const deployment = {
    region: assembly.place.region,
    account: assembly.place.account,
    stateMachine: readStateMachine(context),
    functions: ofType(assembly, 'AWS::Lambda::Function').flatMap((resource) => readFunction(resource, context)),
    glueJobs: ofType(assembly, 'AWS::Glue::Job').map(readGlueJob),
    buckets: readBuckets(assembly),
    roles: readRoles(assembly.resources, context.report),
    tables: ofType(assembly, 'AWS::Glue::Table').map(({ name, properties }) => ({
      database: textAt(properties, 'DatabaseName') ?? '',
      name,
      input: objectAt(properties, 'TableInput'),
    })),
    modelPackageGroups: ofType(assembly, 'AWS::SageMaker::ModelPackageGroup').map(({ name }) => name),
    rules: ofType(assembly, 'AWS::Events::Rule').map(readRule),
    schedules: readSchedules(assembly.resources),
    assets: assembly.assets,
  };
  const { stateMachine } = deployment;
  if (diagnostics.length > 0 || stateMachine === undefined) throw UserError.fromDiagnostics('the app', diagnostics);
  return { ...deployment, stateMachine };
}

interface ReadingContext {
  readonly assembly: Assembly;
  readonly report: (diagnostic: Diagnostic) => void;
}

const ofType = (assembly: Assembly, type: string): readonly ResolvedResource[] =>
  assembly.resources.filter((resource) => resource.type === type);

function readStateMachine({ assembly, report }: ReadingContext): DeployedStateMachine | undefined {
  const machines = ofType(assembly, 'AWS::StepFunctions::StateMachine');
  const [machine] = machines;
  if (machine === undefined || machines.length > 1) {
    report({
      code: 'state-machine-count',
      severity: 'error',
      at: 'AWS::StepFunctions::StateMachine',
      message: `the app has ${machines.length} state machines`,
      fix: 'give the app the stacks of exactly one pipeline',
    });
    return undefined;
  }
  const definition = readDefinition(machine, report);
  const roleArn = textAt(machine.properties, 'RoleArn') ?? '';
  return { name: machine.name, arn: machine.ref, roleArn, definition };
}

function readDefinition(machine: ResolvedResource, report: ReadingContext['report']): unknown {
  const text = textAt(machine.properties, 'DefinitionString');
  try {
    if (text !== undefined) return JSON.parse(text);
  } catch (cause) {
    report(unreadableDefinition(machine, cause instanceof Error ? cause.message : String(cause)));
    return undefined;
  }
  report(unreadableDefinition(machine, 'it has no DefinitionString'));
  return undefined;
}

function unreadableDefinition(machine: ResolvedResource, message: string): Diagnostic {
  return {
    code: 'unreadable-definition',
    severity: 'error',
    at: `${machine.stack}.${machine.logicalId}`,
    message: `the state machine’s definition cannot be read: ${message}`,
    fix: 'render the definition as JSON in DefinitionString',
  };
}

function readFunction(resource: ResolvedResource, context: ReadingContext): readonly DeployedFunction[] {
  const { properties, name, arn } = resource;
  const code = objectAt(properties, 'Code');
  const asset = context.assembly.assets.find(
    ({ bucket, key }) => bucket === textAt(code, 'S3Bucket') && key === textAt(code, 'S3Key'),
  );
  // Functions with inline code are CDK's own custom resources: they run at deployment, no state machine calls them.
  if (asset === undefined || arn === undefined) return [];
  return [
    {
      name,
      arn,
      roleArn: textAt(properties, 'Role') ?? '',
      bundle: asset.path,
      handler: textAt(properties, 'Handler') ?? '',
      timeoutSeconds: numberAt(properties, 'Timeout') ?? 3,
      memoryMb: numberAt(properties, 'MemorySize') ?? 128,
      environment: textsOf(objectAt(objectAt(properties, 'Environment'), 'Variables')),
    },
  ];
}

function textsOf(object: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}

/** Source of the default timeout: https://docs.aws.amazon.com/glue/latest/webapi/API_Job.html (2026-11-20). */
const DEFAULT_GLUE_TIMEOUT_MINUTES = 480;

function readGlueJob({ properties, name }: ResolvedResource): DeployedGlueJob {
  return {
    name,
    roleArn: textAt(properties, 'Role') ?? '',
    scriptUri: textAt(objectAt(properties, 'Command'), 'ScriptLocation') ?? '',
    defaultArguments: textsOf(objectAt(properties, 'DefaultArguments')),
    timeoutMinutes: numberAt(properties, 'Timeout') ?? DEFAULT_GLUE_TIMEOUT_MINUTES,
    concurrentRuns: numberAt(objectAt(properties, 'ExecutionProperty'), 'MaxConcurrentRuns') ?? 1,
    workerType: textAt(properties, 'WorkerType') ?? '',
    numberOfWorkers: numberAt(properties, 'NumberOfWorkers') ?? 0,
    glueVersion: textAt(properties, 'GlueVersion') ?? '',
  };
}

/** The app's buckets, and those that its assets would be uploaded to. */
function readBuckets(assembly: Assembly): readonly DeployedBucket[] {
  const own = ofType(assembly, 'AWS::S3::Bucket').map(({ name, properties }) => ({ name, keyArn: keyOf(properties) }));
  const ofAssets = [...new Set(assembly.assets.map(({ bucket }) => bucket))].map((name) => ({ name, keyArn: null }));
  return [...own, ...ofAssets];
}

function keyOf(bucket: JsonObject): string | null {
  const [rule] = listAt(objectAt(bucket, 'BucketEncryption'), 'ServerSideEncryptionConfiguration');
  return textAt(objectAt(isObject(rule) ? rule : {}, 'ServerSideEncryptionByDefault'), 'KMSMasterKeyID') ?? null;
}

function readRule({ properties, name }: ResolvedResource): DeployedRule {
  const targets = listAt(properties, 'Targets').filter(isObject);
  const functionArns = targets.map((target) => textAt(target, 'Arn') ?? '').filter((arn) => arn.includes(':lambda:'));
  return { name, pattern: objectAt(properties, 'EventPattern'), functionArns };
}
