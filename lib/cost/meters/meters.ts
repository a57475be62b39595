import { boundQueryExecution } from './athena.ts';
import {
  boundBatchGet,
  boundBatchWrite,
  boundGetItem,
  boundQuery,
  boundTransactGet,
  boundTransactWrite,
  boundWriteItem,
} from './dynamodb.ts';
import { boundGlueJobRun } from './glue-job.ts';
import { boundLambdaInvoke } from './lambda-call.ts';
import { boundPublish, boundPutEvents, boundSendBatch, boundSendMessage } from './messages.ts';
import type { Meter } from './meter.ts';
import { boundProcessingJob } from './processing-job.ts';
import { boundFreeCall, boundModelPackage, boundObjectWrite, boundParameter, boundRequest } from './requests.ts';
import { boundTrainingJob } from './training-job.ts';
import { boundTuningJob } from './tuning-job.ts';

const boundS3Read = boundRequest('s3.get_and_other');
const boundS3List = boundRequest('s3.put_copy_post_list');
const boundCatalogRequest = boundRequest('glue.catalog.requests');
const boundKeyRequest = boundRequest('kms.request');

/**
 * What a task can call, `service:api`, in the spelling of Step Functions; an optimized integration and the one of the
 * AWS SDK are the same call.
 */
export const METERS: Readonly<Record<string, Meter>> = {
  'glue:startJobRun': boundGlueJobRun,
  'sagemaker:createTrainingJob': boundTrainingJob,
  'sagemaker:createProcessingJob': boundProcessingJob,
  'sagemaker:createHyperParameterTuningJob': boundTuningJob,
  'sagemaker:createModelPackage': boundModelPackage,
  'lambda:invoke': boundLambdaInvoke,
  'dynamodb:getItem': boundGetItem,
  'dynamodb:query': boundQuery,
  'dynamodb:scan': boundQuery,
  'dynamodb:putItem': boundWriteItem,
  'dynamodb:updateItem': boundWriteItem,
  'dynamodb:deleteItem': boundWriteItem,
  'dynamodb:batchGetItem': boundBatchGet,
  'dynamodb:batchWriteItem': boundBatchWrite,
  'dynamodb:transactGetItems': boundTransactGet,
  'dynamodb:transactWriteItems': boundTransactWrite,
  'sns:publish': boundPublish,
  'sqs:sendMessage': boundSendMessage,
  'sqs:sendMessageBatch': boundSendBatch,
  'events:putEvents': boundPutEvents,
  'eventbridge:putEvents': boundPutEvents,
  'athena:startQueryExecution': boundQueryExecution,
  'ssm:getParameter': boundParameter,
  's3:getObject': boundS3Read,
  's3:headObject': boundS3Read,
  's3:headBucket': boundS3List,
  's3:listObjects': boundS3List,
  's3:listObjectsV2': boundS3List,
  's3:listObjectVersions': boundS3List,
  's3:listBuckets': boundS3List,
  's3:putObject': boundObjectWrite,
  's3:copyObject': boundObjectWrite,
  's3:putObjectTagging': boundS3List,
  's3:getObjectTagging': boundS3Read,
  'kms:describeKey': boundKeyRequest,
  'kms:generateDataKey': boundKeyRequest,
  'kms:generateDataKeyWithoutPlaintext': boundKeyRequest,
  ...ofAll(boundCatalogRequest, 'glue', [
    'getDatabase',
    'getDatabases',
    'getTable',
    'getTables',
    'getPartition',
    'getPartitions',
    'batchGetPartition',
    'createTable',
    'updateTable',
    'deleteTable',
    'createPartition',
    'batchCreatePartition',
    'updatePartition',
    'batchUpdatePartition',
    'deletePartition',
    'batchDeletePartition',
  ]),
  ...ofAll(boundFreeCall, 'glue', ['getJob', 'getJobs', 'getJobRun', 'getJobRuns', 'batchStopJobRun']),
  ...ofAll(boundFreeCall, 's3', ['deleteObject', 'deleteObjects', 'abortMultipartUpload']),
  ...ofAll(boundFreeCall, 'sts', ['getCallerIdentity', 'assumeRole']),
  ...ofAll(boundFreeCall, 'athena', ['getQueryExecution', 'getQueryResults', 'stopQueryExecution']),
  ...ofAll(boundFreeCall, 'sfn', [
    'describeExecution',
    'listExecutions',
    'getExecutionHistory',
    'describeStateMachine',
    'stopExecution',
    'sendTaskSuccess',
    'sendTaskFailure',
    'sendTaskHeartbeat',
  ]),
  ...ofAll(boundFreeCall, 'sagemaker', [
    'addTags',
    'createModel',
    'createModelPackageGroup',
    'updateModelPackage',
    'deleteModel',
    'deleteModelPackage',
    'describeModel',
    'describeModelPackage',
    'describeModelPackageGroup',
    'describeTrainingJob',
    'describeProcessingJob',
    'describeHyperParameterTuningJob',
    'listModelPackages',
    'listTrainingJobs',
    'listProcessingJobs',
    'listTrainingJobsForHyperParameterTuningJob',
    'listTags',
    'stopTrainingJob',
    'stopProcessingJob',
    'stopHyperParameterTuningJob',
  ]),
};

function ofAll(meter: Meter, service: string, names: readonly string[]): Readonly<Record<string, Meter>> {
  return Object.fromEntries(names.map((name) => [`${service}:${name}`, meter]));
}
