import { join } from 'node:path';

/** Where everything of a project's local runs lies: `.hundredfold/` beside its cdk.json. */
export interface StateDirectory {
  readonly root: string;
  /** `<objects>/<bucket>/<key>` is the object. */
  readonly objects: string;
  readonly temporary: string;
  readonly etags: string;
  readonly lock: string;
  readonly assembly: string;
  /** Digest of what the assembly was synthesized from. */
  readonly assemblyDigest: string;
  readonly python: string;
  readonly runs: string;
  /** Records of Glue runs and SageMaker jobs, as the services describe them. */
  readonly jobs: string;
  /** `<sagemaker>/<job>` is what a container sees as /opt/ml. */
  readonly sagemaker: string;
  /** Processes that a job runs in, by number. */
  readonly processes: string;
  readonly catalog: string;
  readonly modelPackages: string;
  readonly executionOf: (name: string) => ExecutionDirectory;
}

export interface ExecutionDirectory {
  readonly root: string;
  readonly record: string;
  readonly events: string;
  readonly jobLog: (job: string) => string;
  readonly functionLog: (name: string) => string;
}

const STATE_FOLDER = '.hundredfold';

export function stateDirectory(project: string): StateDirectory {
  const root = join(project, STATE_FOLDER);
  return {
    root,
    objects: join(root, 's3'),
    temporary: join(root, 'tmp'),
    etags: join(root, 'etags.json'),
    lock: join(root, 'lock'),
    assembly: join(root, 'cdk.out'),
    assemblyDigest: join(root, 'synthesized.json'),
    python: join(root, 'python'),
    runs: join(root, 'runs'),
    jobs: join(root, 'jobs'),
    sagemaker: join(root, 'sagemaker'),
    processes: join(root, 'processes'),
    catalog: join(root, 'catalog'),
    modelPackages: join(root, 'model-packages'),
    executionOf: (name) => executionDirectory(join(root, 'runs', name)),
  };
}

const executionDirectory = (root: string): ExecutionDirectory => ({
  root,
  record: join(root, 'execution.json'),
  events: join(root, 'events.jsonl'),
  jobLog: (job) => join(root, 'jobs', `${job}.log`),
  functionLog: (name) => join(root, 'functions', `${name}.log`),
});
