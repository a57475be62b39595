import type { ResourceNames } from '../../lib/render/resource-names.ts';
import type { WorkflowPlan } from '../../lib/render/workflow-plan.ts';

export const WORKFLOW_PLAN: WorkflowPlan = {
  pipeline: 'flight-delays',
  sources: [{ name: 'flights' }],
  glue: { version: '6.0', workerType: 'G.1X', workers: 5, timeoutMinutes: 30 },
  training: {
    instance: 'ml.m5.xlarge',
    volumeGb: 30,
    maxRuntimeSeconds: 1_800,
    spot: { maxWaitSeconds: 3_600, checkpointSeconds: 180 },
    concurrency: 2,
  },
  evaluation: { instance: 'ml.m5.xlarge', volumeGb: 30, maxRuntimeSeconds: 1_800 },
  triesPerJob: 2,
  trials: [0, 1, 2, 3].map((index) => ({ index, hyperparameters: { max_depth: '6', eta: '0.1' } })),
  gates: [
    { kind: 'exceeds-base-rate', metric: 'pr_auc', by: 0.1 },
    { kind: 'no-worse-than-champion', metric: 'pr_auc' },
  ],
};

const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:function:flight-delays-${name}`;

export const RESOURCE_NAMES: ResourceNames = {
  bucket: 'flight-delays-data-000000000000-us-east-1',
  key: 'arn:aws:kms:us-east-1:000000000000:key/data',
  ingestJob: 'flight-delays-ingest',
  trainingSetJob: 'flight-delays-training-set',
  auditJob: 'flight-delays-audit',
  programs: { ingest: 's3://assets/ingest.json', trainingSet: 's3://assets/training-set.json' },
  code: { uri: 's3://assets/0123.zip', file: '0123.zip' },
  image: '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5',
  jobRole: 'arn:aws:iam::000000000000:role/jobs',
  handlers: {
    'admit-run': functionArn('admit-run'),
    'freeze-inputs': functionArn('freeze-inputs'),
    'publish-partitions': functionArn('publish-partitions'),
    'publish-trial': functionArn('publish-trial'),
    'freeze-evaluation': functionArn('freeze-evaluation'),
    'register-model': functionArn('register-model'),
    'settle-run': functionArn('settle-run'),
  },
};
