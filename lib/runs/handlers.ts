import {
  championKey,
  evaluationPrefix,
  executionPrefix,
  ingestAttemptPrefix,
  ledgerKey,
  slotInputsKey,
  trainingSetPrefix,
  trialPrefix,
  unitManifestsPrefix,
  versionsPrefix,
} from '../contracts/object-keys.ts';
import type { HANDLER_ENVIRONMENT } from '../contracts/state-payload.ts';
import type { ApiCall } from '../iam/api-call.ts';

export const HANDLER_NAMES = [
  'admit-run',
  'freeze-inputs',
  'publish-partitions',
  'publish-trial',
  'freeze-evaluation',
  'register-model',
  'settle-run',
  'start-run',
] as const;
export type HandlerName = (typeof HANDLER_NAMES)[number];

/** What the handlers touch, as ARNs, ARN patterns or tokens of them; each comes from where the resource is made. */
export interface HandlerResources<Resource> {
  readonly pipeline: string;
  readonly sources: readonly string[];
  readonly bucket: Resource;
  /** ARN of the data bucket's objects whose keys fit the pattern; `*` stands for anything. */
  readonly objects: (keyPattern: string) => Resource;
  /** Key that encrypts the data bucket. */
  readonly key: Resource;
  /** Bucket and objects of the run program and the price book. */
  readonly programBucket: Resource;
  readonly runProgram: Resource;
  readonly priceBook: Resource;
  readonly glueJobs: readonly Resource[];
  /** Patterns of the names of the pipeline's jobs. */
  readonly trainingJobs: Resource;
  readonly processingJobs: Resource;
  readonly catalog: Resource;
  readonly database: Resource;
  /** One for each source. */
  readonly tables: readonly Resource[];
  readonly modelPackageGroup: Resource;
  /** Pattern of the packages in the group. */
  readonly modelPackages: Resource;
  readonly stateMachine: Resource;
  /** Pattern of the state machine's executions. */
  readonly executions: Resource;
}

export interface HandlerDefinition {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** What it reads from its environment. */
  readonly environment: readonly (keyof typeof HANDLER_ENVIRONMENT)[];
  /** Every AWS call that it can make. */
  readonly calls: <Resource>(resources: HandlerResources<Resource>) => readonly ApiCall<Resource>[];
}

/** Node loads the AWS SDK faster with more than the least memory; a minute is many times what any of them takes. */
const SIZE = { memoryMb: 512, timeoutSeconds: 60 } as const;
const ANY = '*';

/** Every function of a pipeline: its size, its environment, and the calls from which its role is derived. */
export const HANDLERS = {
  'admit-run': {
    ...SIZE,
    environment: [...settlementEnvironment(), 'boundUsd'],
    calls: (resources) => [
      ...settlementCalls(resources),
      { api: 'states:DescribeExecution', resources: { execution: [resources.executions] } },
    ],
  },
  'freeze-inputs': {
    ...SIZE,
    environment: ['bucket', 'runProgram', 'runProgramDigest', 'codeDigest', 'lockDigest', 'image'],
    calls: (resources) => [
      readProgram(resources),
      list(resources),
      read(resources, [
        slotInputsKey(resources.pipeline, ANY),
        trainingSetPrefix(resources.pipeline, ANY) + ANY,
        trialPrefix(resources.pipeline, ANY) + ANY,
      ]),
      write(resources, [slotInputsKey(resources.pipeline, ANY), executionPrefix(resources.pipeline, ANY) + ANY]),
    ],
  },
  'publish-partitions': {
    ...SIZE,
    environment: ['bucket', 'runProgram', 'runProgramDigest', 'catalogDatabase'],
    calls: (resources) => [
      readProgram(resources),
      list(resources),
      read(resources, [
        ingestAttemptPrefix(resources.pipeline, ANY, ANY) + ANY,
        ...unitManifests(resources.sources),
        executionPrefix(resources.pipeline, ANY) + ANY,
      ]),
      write(resources, unitManifests(resources.sources)),
      ...(
        [
          'glue:GetTable',
          'glue:BatchCreatePartition',
          'glue:BatchUpdatePartition',
          'glue:BatchDeletePartition',
        ] as const
      ).map((api) => ({ api, resources: catalogOf(resources) })),
    ],
  },
  'publish-trial': {
    ...SIZE,
    environment: ['bucket', 'runProgram', 'runProgramDigest'],
    calls: (resources) => [
      readProgram(resources),
      read(resources, [trialPrefix(resources.pipeline, ANY) + ANY]),
      write(resources, [`${trialPrefix(resources.pipeline, ANY)}manifest.json`]),
    ],
  },
  'freeze-evaluation': {
    ...SIZE,
    environment: ['bucket', 'runProgram', 'runProgramDigest', 'codeDigest', 'lockDigest', 'image'],
    calls: (resources) => [
      readProgram(resources),
      read(resources, [
        trialPrefix(resources.pipeline, ANY) + ANY,
        trainingSetPrefix(resources.pipeline, ANY) + ANY,
        evaluationPrefix(resources.pipeline, ANY) + ANY,
        ...registryKeys(resources.pipeline),
      ]),
      write(resources, [evaluationPrefix(resources.pipeline, ANY) + ANY]),
    ],
  },
  'register-model': {
    ...SIZE,
    environment: [
      'bucket',
      'runProgram',
      'runProgramDigest',
      'priceBook',
      'boundUsd',
      'codeDigest',
      'lockDigest',
      'image',
      'modelPackageGroup',
    ],
    calls: (resources) => [
      readProgram(resources),
      readPrices(resources),
      list(resources),
      read(resources, [
        trialPrefix(resources.pipeline, ANY) + ANY,
        trainingSetPrefix(resources.pipeline, ANY) + ANY,
        evaluationPrefix(resources.pipeline, ANY) + ANY,
        ...registryKeys(resources.pipeline),
      ]),
      write(resources, [evaluationPrefix(resources.pipeline, ANY) + ANY, ...registryKeys(resources.pipeline)]),
      { api: 'sagemaker:CreateModelPackage', resources: packagesOf(resources) },
    ],
  },
  'settle-run': { ...SIZE, environment: settlementEnvironment(), calls: settlementCalls },
  'start-run': {
    ...SIZE,
    environment: ['stateMachine', 'revision'],
    calls: ({ stateMachine }) => [{ api: 'states:StartExecution', resources: { stateMachine: [stateMachine] } }],
  },
} as const satisfies Record<HandlerName, HandlerDefinition>;

function settlementEnvironment() {
  return [
    'bucket',
    'runProgram',
    'runProgramDigest',
    'priceBook',
    'ingestJob',
    'trainingSetJob',
    'auditJob',
    'definitionDigest',
    'stateBounds',
  ] as const;
}

/** What settling a run may do: find its jobs, stop what still runs, bill it. */
function settlementCalls<Resource>(resources: HandlerResources<Resource>): readonly ApiCall<Resource>[] {
  const { pipeline, glueJobs, trainingJobs, processingJobs } = resources;
  const training = { trainingJob: [trainingJobs] };
  const processing = { processingJob: [processingJobs] };
  const own = [ledgerKey(pipeline, ANY), executionPrefix(pipeline, ANY) + ANY];
  return [
    readProgram(resources),
    readPrices(resources),
    read(resources, own),
    write(resources, own),
    { api: 'glue:GetJobRuns', resources: { glueJob: glueJobs } },
    { api: 'glue:BatchStopJobRun', resources: { glueJob: glueJobs } },
    { api: 'sagemaker:ListTrainingJobs', resources: {} },
    { api: 'sagemaker:DescribeTrainingJob', resources: training },
    { api: 'sagemaker:StopTrainingJob', resources: training },
    { api: 'sagemaker:ListProcessingJobs', resources: {} },
    { api: 'sagemaker:DescribeProcessingJob', resources: processing },
    { api: 'sagemaker:StopProcessingJob', resources: processing },
  ];
}

const unitManifests = (sources: readonly string[]): readonly string[] =>
  sources.map((source) => `${unitManifestsPrefix(source)}*`);

const registryKeys = (pipeline: string): readonly string[] => [championKey(pipeline), `${versionsPrefix(pipeline)}*`];

function readProgram<Resource>({ programBucket, runProgram }: HandlerResources<Resource>): ApiCall<Resource> {
  return { api: 's3:GetObject', resources: { object: [runProgram], bucket: [programBucket] } };
}

function readPrices<Resource>({ programBucket, priceBook }: HandlerResources<Resource>): ApiCall<Resource> {
  return { api: 's3:GetObject', resources: { object: [priceBook], bucket: [programBucket] } };
}

function read<Resource>(
  { bucket, objects, key }: HandlerResources<Resource>,
  keys: readonly string[],
): ApiCall<Resource> {
  return { api: 's3:GetObject', resources: { object: keys.map(objects), bucket: [bucket], key: [key] } };
}

function write<Resource>({ objects, key }: HandlerResources<Resource>, keys: readonly string[]): ApiCall<Resource> {
  return { api: 's3:PutObject', resources: { object: keys.map(objects), key: [key] } };
}

function list<Resource>({ bucket }: HandlerResources<Resource>): ApiCall<Resource> {
  return { api: 's3:ListObjectsV2', resources: { bucket: [bucket] } };
}

function catalogOf<Resource>({ catalog, database, tables }: HandlerResources<Resource>) {
  return { catalog: [catalog], database: [database], table: tables };
}

/** Creating a package in a group is checked against both. */
function packagesOf<Resource>({ modelPackages, modelPackageGroup }: HandlerResources<Resource>) {
  return { modelPackage: [modelPackages], modelPackageGroup: [modelPackageGroup] };
}
