import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import flights from '../../examples/flights/pipeline.ts';
import { checkSecurity } from '../../lib/constructs/security-checks.ts';
import { PipelineStacks } from '../../stacks/pipeline-stacks.ts';
import { quietApp } from '../support/synthesized-example.ts';

/** Rule and reason of every acknowledgement below the construct. */
const acknowledgements = (root: IConstruct): readonly (readonly [string, string])[] =>
  root.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries<string>(data));

describe('the AwsSolutions rules', () => {
  it('find nothing in the stacks that has no written reason', () => {
    const app = quietApp();
    new PipelineStacks(app, flights);
    checkSecurity(app);

    const { directory } = app.synth();

    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports.flatMap(({ violations }: { violations: unknown[] }) => violations)).toEqual([]);
  });

  it('are acknowledged one finding at a time, each with a reason', () => {
    const app = quietApp();
    new PipelineStacks(app, flights);

    const found = acknowledgements(app);

    expect(found.length).toBeGreaterThan(10);
    for (const [id, reason] of found) {
      expect(id).toMatch(/AwsSolutions-(S1$|IAM5\[Resource::)/);
      expect(reason.length).toBeGreaterThan(40);
    }
  });

  it('fail the synthesis of what they find', () => {
    const app = quietApp();
    const stacks = new PipelineStacks(app, flights);
    new Bucket(stacks.storage, 'Careless');
    checkSecurity(app);

    expect(() => app.synth()).toThrow(/server access logs disabled/);
  });
});
