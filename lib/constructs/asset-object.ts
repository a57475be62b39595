import { Asset, type AssetProps } from 'aws-cdk-lib/aws-s3-assets';
import { Aws, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Fault } from '../errors/fault.ts';

/** A file or zipped folder in the asset bucket of the environment. */
export interface AssetObject {
  readonly bucket: string;
  /** Ends in the file's extension, `.zip` for a folder. */
  readonly key: string;
  readonly uri: string;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly digest: string;
}

/** Stages the file or folder; the bucket's name is texts and pseudo parameters, so that it can be part of a text. */
export function assetObject(scope: Construct, id: string, props: AssetProps): AssetObject {
  const asset = new Asset(scope, id, props);
  const bucket = withoutSubstitution(Stack.of(scope).resolve(asset.s3BucketName));
  const key = asset.s3ObjectKey;
  return { bucket, key, uri: `s3://${bucket}/${key}`, digest: asset.assetHash };
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  '${AWS::AccountId}': Aws.ACCOUNT_ID,
  '${AWS::Region}': Aws.REGION,
  '${AWS::Partition}': Aws.PARTITION,
};

function withoutSubstitution(name: unknown): string {
  if (typeof name === 'string') return name;
  const template: unknown = Object(name)['Fn::Sub'];
  if (typeof template !== 'string') throw new Fault('expected an asset bucket with a name by Fn::Sub');
  return template.replace(/\$\{[^}]+\}/g, (parameter) => PSEUDO_PARAMETERS[parameter] ?? parameter);
}
