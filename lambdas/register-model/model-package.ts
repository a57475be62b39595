import { CreateModelPackageCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { objectUri } from '../../lib/contracts/object-keys.ts';
import type { ModelVersion } from '../../lib/contracts/registry.ts';
import { must } from '../../lib/errors/fault.ts';
import { defaultProvider } from '../environment-credentials.ts';

const sagemaker = new SageMakerClient({ credentials: defaultProvider() });

/** What the XGBoost container reads and answers. Source: https://github.com/aws/sagemaker-xgboost-container (2026-11-20). */
const CONTENT_TYPES = ['text/csv'];

export interface PackageOptions {
  readonly bucket: string;
  readonly group: string;
  readonly status: 'approved' | 'candidate';
}

/**
 * Registers the version with SageMaker, deployable: the image and model.tar.gz. The evaluation's key makes it the same
 * package however often it is asked for; it fits a client token (36 characters).
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html (2026-11-20).
 */
export async function createModelPackage(body: ModelVersion, options: PackageOptions): Promise<string> {
  const { ModelPackageArn } = await sagemaker.send(
    new CreateModelPackageCommand({
      ModelPackageGroupName: options.group,
      ModelPackageDescription: `version ${body.number} of ${body.pipeline}, slot ${body.slot}`,
      ModelApprovalStatus: options.status === 'approved' ? 'Approved' : 'PendingManualApproval',
      InferenceSpecification: {
        Containers: [{ Image: body.image, ModelDataUrl: objectUri(options.bucket, body.artifact.key) }],
        SupportedContentTypes: CONTENT_TYPES,
        SupportedResponseMIMETypes: CONTENT_TYPES,
      },
      CustomerMetadataProperties: {
        version: String(body.number),
        execution: body.execution,
        modelSha256: body.artifact.modelSha256,
        trainingSet: body.trainingSet.fingerprint,
      },
      ClientToken: body.evaluation.key,
    }),
  );
  return must(ModelPackageArn, 'the ARN of the model package');
}
