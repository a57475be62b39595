import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { physicalNames } from './physical-names.ts';

export interface ModelRegistryProps {
  readonly pipeline: string;
}

/** Where SageMaker keeps the packages of a pipeline's models; the records beside them lie in the data bucket. */
export class ModelRegistry extends Construct {
  readonly groupName: string;

  constructor(scope: Construct, id: string, { pipeline }: ModelRegistryProps) {
    super(scope, id);
    this.groupName = physicalNames(pipeline, Stack.of(this).region).modelPackageGroup;
    const group = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.groupName,
      modelPackageGroupDescription: `Model versions of the pipeline ${pipeline}`,
    });
    group.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
