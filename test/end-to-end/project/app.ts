import { App } from 'aws-cdk-lib';
import { PipelineStacks } from 'hundredfold/stacks';
import pipeline from './pipeline.ts';

new PipelineStacks(new App(), pipeline);
