import { UserError } from '../errors/user-error.ts';

/**
 * Accounts of the SageMaker XGBoost image by region.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html (2026-11-20).
 */
const REGISTRY_ACCOUNTS: Readonly<Record<string, string>> = {
  'ap-southeast-1': '121021644041',
  'eu-west-1': '141502667606',
  'us-east-1': '683313688378',
  'us-west-2': '246618743249',
};

/** XGBoost 3.0.5 on Python 3.10. Source: https://github.com/aws/sagemaker-xgboost-container (2026-11-20). */
const TAG = '3.0-5';

export const TRAINING_REGIONS: readonly string[] = Object.keys(REGISTRY_ACCOUNTS);

/**
 * The image of training and evaluation. Its tag can be moved by its owner: the registry records it as given, and a
 * team that needs the same bytes for years hands its own URI with a digest to the training workflow.
 * @throws UserError unknown-region
 */
export function trainingImage(region: string): string {
  const account = REGISTRY_ACCOUNTS[region];
  if (account === undefined) {
    throw new UserError({
      code: 'unknown-region',
      message: `region == ${region}, the XGBoost image is known in ${TRAINING_REGIONS.join(', ')}`,
      resolution: 'use one of these regions, or hand an image of your own to the training workflow',
    });
  }
  return `${account}.dkr.ecr.${region}.amazonaws.com/sagemaker-xgboost:${TAG}`;
}
