import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateMachine } from '../lib/asl/state-machine.ts';
import type { Deployment } from './assembly/deployment.ts';
import { stageAssets } from './assembly/stage-assets.ts';
import { FunctionWarmer } from './driver/function-warmer.ts';
import type { TaskServices } from './driver/integrations.ts';
import { listFunctions } from './driver/tasks-of-machine.ts';
import { AccessControl } from './endpoint/access.ts';
import { PartitionCatalog } from './endpoint/glue-catalog.ts';
import { glueService } from './endpoint/glue-service.ts';
import { ModelPackages } from './endpoint/model-packages.ts';
import { EtagCache } from './endpoint/s3/etags.ts';
import { ObjectFiles } from './endpoint/s3/object-files.ts';
import { sageMakerService } from './endpoint/sagemaker-service.ts';
import { type Endpoint, startEndpoint } from './endpoint/server.ts';
import { stepFunctionsService } from './endpoint/step-functions-service.ts';
import { callsOfEndpoint, LambdaFunctions } from './functions/lambda-functions.ts';
import { CoreSlots } from './jobs/core-slots.ts';
import { GlueRuns } from './jobs/glue-runs.ts';
import { ProcessGroups } from './jobs/job-process.ts';
import type { JobNotice, JobShell } from './jobs/job-shell.ts';
import { ProcessLedger } from './jobs/lost-processes.ts';
import { processingKind } from './jobs/sagemaker/processing-kind.ts';
import { SageMakerJobs } from './jobs/sagemaker/sagemaker-jobs.ts';
import { trainingKind } from './jobs/sagemaker/training-kind.ts';
import { machineEnvironment } from './machine-environment.ts';
import { RunStore } from './state/run-store.ts';
import type { StateDirectory } from './state/state-directory.ts';

export interface LocalCloudOptions {
  readonly deployment: Deployment;
  readonly machine: StateMachine;
  readonly state: StateDirectory;
  readonly python: string;
  /** Training processes at once, at most. */
  readonly cores: number;
  readonly now: () => number;
  readonly notify: (notice: JobNotice) => void;
}

/** The app as if deployed, on this machine: its buckets, jobs and functions behind one loopback endpoint. */
export interface LocalCloud {
  readonly services: TaskServices;
  readonly warmer: FunctionWarmer;
  readonly runs: RunStore;
  /** Errors of the endpoint itself, oldest first: a full disk, for one. */
  readonly faults: readonly unknown[];
  readonly close: () => Promise<void>;
}

/** Brings the app up on this machine; jobs that an earlier shell left behind are marked as ended. */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { deployment, state } = options;
  await new ProcessLedger(state.processes).endLostProcesses();
  await rm(state.temporary, { recursive: true, force: true });
  const etags = new EtagCache(state.etags);
  await etags.load();
  const objects = new ObjectFiles({ root: state.objects, temporary: state.temporary, etags });
  await stageAssets(deployment.assets, objects);
  const access = new AccessControl(deployment.roles, deployment.buckets);
  const shell = jobShell(options, objects, access);
  const jobs = {
    glue: new GlueRuns(shell, deployment.glueJobs),
    training: new SageMakerJobs(shell, trainingKind),
    processing: new SageMakerJobs(shell, processingKind),
  };
  await Promise.all([jobs.glue.settleLostRuns(), jobs.training.settleLostJobs(), jobs.processing.settleLostJobs()]);
  const runs = new RunStore(state);
  const sessionToken = randomUUID();
  const faults: unknown[] = [];
  const endpoint = await startEndpoint({
    objects: { files: objects, access },
    json: jsonServices(options, { access, runs, ...jobs }),
    sessionToken,
    onFault: (error) => faults.push(error),
  });
  const functions = startFunctions(options, { endpoint, sessionToken });
  const { region, account, stateMachine } = deployment;
  const close = async (): Promise<void> => {
    await Promise.all([jobs.glue.stopAll(), jobs.training.stopAll(), jobs.processing.stopAll()]);
    shell.processes.close();
    await functions.close();
    await endpoint.close();
    await etags.save();
  };
  const services = { region, account, roleArn: stateMachine.roleArn, access, objects, functions, ...jobs };
  return { services, warmer: new FunctionWarmer(functions, listFunctions(options.machine)), runs, faults, close };
}

function jobShell(options: LocalCloudOptions, objects: ObjectFiles, access: AccessControl): JobShell {
  const { deployment, state, python, cores, now, notify } = options;
  return {
    region: deployment.region,
    account: deployment.account,
    state,
    objects,
    access,
    assets: deployment.assets,
    processes: new ProcessGroups(new ProcessLedger(state.processes)),
    cores: new CoreSlots(cores),
    python,
    machineEnvironment: machineEnvironment(state),
    now,
    notify,
  };
}

interface Backends extends Pick<TaskServices, 'access' | 'glue' | 'training' | 'processing'> {
  readonly runs: RunStore;
}

function jsonServices({ deployment, state, now }: LocalCloudOptions, backends: Backends) {
  const { region, account } = deployment;
  const catalog = new PartitionCatalog(state.catalog, deployment.tables);
  const packages = new ModelPackages({
    folder: state.modelPackages,
    groups: deployment.modelPackageGroups,
    arnPrefix: `arn:aws:sagemaker:${region}:${account}:`,
  });
  return {
    AWSGlue: glueService({ region, account, access: backends.access, runs: backends.glue, catalog }),
    SageMaker: sageMakerService({ region, account, ...backends, packages, now }),
    AWSStepFunctions: stepFunctionsService({ ...backends, stateMachineArn: deployment.stateMachine.arn }),
  };
}

function startFunctions(
  { deployment, state }: LocalCloudOptions,
  { endpoint, sessionToken }: { readonly endpoint: Endpoint; readonly sessionToken: string },
): LambdaFunctions {
  const host = {
    region: deployment.region,
    callsAs: callsOfEndpoint(endpoint.url, sessionToken),
    compileCache: join(state.root, 'compile-cache'),
    logFile: (name: string) => join(state.root, 'functions', `${name}.log`),
  };
  return new LambdaFunctions(host, deployment.functions);
}
