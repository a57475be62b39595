import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import flights from '../../examples/flights/pipeline.ts';
import { must } from '../../lib/errors/fault.ts';
import { type GuardedPipeline, guardrailPolicy, guardrails } from '../../lib/iam/guardrails.ts';
import { type Deployment, readDeployment } from '../../local/assembly/deployment.ts';
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { readGuardedPipeline } from '../../local/guardrails.ts';
import { PipelineStacks } from '../../stacks/pipeline-stacks.ts';
import { quietApp } from '../support/synthesized-example.ts';

const matches = (pattern: string, arn: string): boolean =>
  new RegExp(`^${RegExp.escape(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`).test(arn);

describe('the guardrails of a synthesized pipeline', () => {
  let folder: string;
  let guarded: GuardedPipeline;
  let deployment: Deployment;

  beforeAll(async () => {
    const app = quietApp();
    new PipelineStacks(app, flights);
    folder = app.synth().directory;
    guarded = await readGuardedPipeline(folder);
    deployment = readDeployment(await readAssembly(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const resourcesOf = (sid: string): readonly string[] =>
    must(
      guardrails(guarded).find(({ statement }) => statement.Sid === sid),
      sid,
    ).statement.Resource;

  it('cover every job, every function and the machine that is deployed', () => {
    const { stateMachine, functions, glueJobs, account, region } = deployment;
    const jobs = glueJobs.map(({ name }) => `arn:aws:glue:${region}:${account}:job/${name}`);
    const changed = [stateMachine.arn, ...jobs, ...functions.map(({ arn }) => arn)];
    const started = [
      ...jobs,
      `arn:aws:sagemaker:${region}:${account}:training-job/flight-delays-2015-01-01T08-00-00Z-0-t0-0a1b2c3d`,
    ];
    const missed = (sid: string, arns: readonly string[]) =>
      arns.filter((arn) => !resourcesOf(sid).some((pattern) => matches(pattern, arn)));

    expect(missed('DenyChangesBesideDeployments', changed)).toEqual([]);
    expect(missed('DenyForeignJobs', started)).toEqual([]);
    expect(missed('DenyRedrive', [`${stateMachine.arn.replace('stateMachine', 'execution')}:run`])).toEqual([]);
    expect(resourcesOf('DenyLedgerChanges')).toEqual([
      'arn:aws:s3:::flight-delays-data-*-us-east-1/ledger/flight-delays/*',
    ]);
  });

  it('leave the roles of the machine and of its handlers alone, and nobody else', () => {
    const handlers = deployment.functions.filter(({ name }) => !name.endsWith('start-run'));
    const own = [deployment.stateMachine.roleArn, ...handlers.map(({ roleArn }) => roleArn)];

    expect(own.filter((arn) => !matches(guarded.pipelineRoles, arn))).toEqual([]);
    expect(matches(guarded.pipelineRoles, 'arn:aws:iam::000000000000:role/admin')).toBe(false);
  });

  it('let deployments and the machine pass the roles, and nobody else', () => {
    const { statement } = must(
      guardrails(guarded).find(({ statement: { Sid } }) => Sid === 'DenyForeignUseOfRoles'),
      'the statement',
    );
    const exempt: readonly string[] = Object(statement.Condition).ArnNotLike['aws:PrincipalArn'];
    const isExempt = (arn: string): boolean => exempt.some((pattern) => matches(pattern, arn));
    const deployer = 'arn:aws:iam::000000000000:role/cdk-hnb659fds-cfn-exec-role-000000000000-us-east-1';

    expect(isExempt(deployer)).toBe(true);
    expect(isExempt(deployment.stateMachine.roleArn)).toBe(true);
    expect(isExempt('arn:aws:iam::000000000000:role/admin')).toBe(false);
  });

  it('leave the jobs of a pipeline alone whose name begins with this one', () => {
    const arn = 'arn:aws:sagemaker:us-east-1:000000000000:training-job/flight-delays-eu-2015-01-01T08-00-00Z-0-t0-0a1b';

    expect(resourcesOf('DenyForeignJobs').filter((pattern) => matches(pattern, arn))).toEqual([]);
  });

  it('fit a service control policy of 5,120 and a managed policy of 6,144 characters', () => {
    expect(JSON.stringify(guardrailPolicy(guarded, 'scp'), undefined, 2).length).toBeLessThan(5_120);
    expect(JSON.stringify(guardrailPolicy(guarded, 'boundary')).length).toBeLessThan(6_144);
  });

  it('deny only: a boundary allows everything else, and grants nothing', () => {
    const effects = (form: 'scp' | 'boundary') => guardrailPolicy(guarded, form).Statement.map(({ Effect }) => Effect);

    const [first, ...others] = effects('boundary');
    expect(new Set(effects('scp'))).toEqual(new Set(['Deny']));
    expect([first, ...others]).toEqual(['Allow', ...effects('scp')]);
  });
});
