import { App, Stack } from 'aws-cdk-lib/core';

/** What any CDK app pays: one empty stack. */
const app = new App();
new Stack(app, 'Empty');
app.synth();
