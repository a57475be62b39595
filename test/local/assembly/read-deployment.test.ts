import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDeployment } from '../../../local/assembly/deployment.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ASSETS = `cdk-assets-\${AWS::AccountId}-\${AWS::Region}`;

const MACHINE = {
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'machine',
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    DefinitionString: { 'Fn::Join': ['', ['{"StartAt":"', 'First', '"}']] },
  },
};

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'states.amazonaws.com' } }] },
    Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: [] } }],
  },
};

/** An assembly of one stack, beside its asset manifest. */
async function assembly(resources: object, files: object = {}, dockerImages: object = {}): Promise<string> {
  const folder = await temporaryFolder();
  const write = (name: string, value: object): Promise<void> => writeFile(join(folder, name), JSON.stringify(value));
  await mkdir(join(folder, 'asset.code'));
  await write('manifest.json', {
    artifacts: {
      one: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/eu-west-1',
        properties: { templateFile: 'one.template.json' },
      },
      'one.assets': { type: 'cdk:asset-manifest', properties: { file: 'one.assets.json' } },
    },
  });
  await write('one.template.json', { Resources: resources });
  await write('one.assets.json', { files, dockerImages });
  return folder;
}

const read = async (...parts: Parameters<typeof assembly>) =>
  readDeployment(await readAssembly(await assembly(...parts)));

const diagnosticsOf = async (...parts: Parameters<typeof assembly>): Promise<string> =>
  read(...parts).then(
    () => '',
    ({ message }: Error) => message,
  );

describe('a deployment', () => {
  test('has its state machine, its functions with their bundles, and its roles with every policy', async () => {
    const resources = {
      Machine: MACHINE,
      Role: ROLE,
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'attached', Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [] } },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { ManagedPolicyName: 'managed', Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [] } },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'admit',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Handler: 'index.handler',
          Timeout: 60,
          Code: { S3Bucket: { 'Fn::Sub': ASSETS }, S3Key: 'code.zip' },
          Environment: { Variables: { MACHINE: { Ref: 'Machine' } } },
        },
      },
    };
    const destination = { here: { bucketName: ASSETS, objectKey: 'code.zip' } };
    const files = { code: { source: { path: 'asset.code', packaging: 'zip' }, destinations: destination } };

    const deployment = await read(resources, files);

    expect(deployment.region).toBe('eu-west-1');
    expect(deployment.stateMachine).toMatchObject({
      name: 'machine',
      arn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:machine',
      roleArn: 'arn:aws:iam::000000000000:role/one-Role',
      definition: { StartAt: 'First' },
    });
    expect(deployment.functions).toMatchObject([
      {
        arn: 'arn:aws:lambda:eu-west-1:000000000000:function:admit',
        bundle: expect.stringMatching(/asset\.code$/),
        timeoutSeconds: 60,
        environment: { MACHINE: 'arn:aws:states:eu-west-1:000000000000:stateMachine:machine' },
      },
    ]);
    expect(deployment.roles[0]?.policies.map(({ name }) => name)).toEqual(['inline', 'attached', 'managed']);
    expect(deployment.roles[0]?.trusted).toEqual(['states.amazonaws.com']);
    expect(deployment.buckets).toEqual([{ name: 'cdk-assets-000000000000-eu-west-1', keyArn: null }]);
  });

  test('has exactly one state machine', async () => {
    expect(await diagnosticsOf({})).toContain('the app has 0 state machines');
    expect(await diagnosticsOf({ A: MACHINE, B: MACHINE, Role: ROLE })).toContain('the app has 2 state machines');
  });

  test('does not rest on policies that are not in it, nor on images', async () => {
    const arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const role = { ...ROLE, Properties: { ...ROLE.Properties, ManagedPolicyArns: [arn] } };
    expect(await diagnosticsOf({ Machine: MACHINE, Role: role })).toContain(`policy ${arn} is not in the app`);
    expect(await diagnosticsOf({ Machine: MACHINE, Role: ROLE }, {}, { image: {} })).toContain(
      'a container image cannot be run',
    );
  });

  test('refuses by name a condition that cannot be evaluated here, and an element of a statement', async () => {
    const allowing = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    const policy = (statement: object) => [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }];
    const roleWith = (statement: object) => ({
      ...ROLE,
      Properties: { ...ROLE.Properties, Policies: policy(statement) },
    });
    const dated = roleWith({ ...allowing, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01' } } });
    const inverse = roleWith({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' });

    expect(await diagnosticsOf({ Machine: MACHINE, Role: dated })).toContain('condition DateLessThan');
    expect(await diagnosticsOf({ Machine: MACHINE, Role: inverse })).toContain('NotAction');
    const ofBudget = { Statement: [{ Principal: { Service: 'budgets.amazonaws.com' } }] };
    const idle = { ...dated, Properties: { ...dated.Properties, AssumeRolePolicyDocument: ofBudget } };
    expect(await diagnosticsOf({ Machine: MACHINE, Role: ROLE, Idle: idle })).toBe('');
  });

  test('whose definition is no JSON is refused', async () => {
    const machine = { ...MACHINE, Properties: { ...MACHINE.Properties, DefinitionString: '{' } };
    expect(await diagnosticsOf({ Machine: machine, Role: ROLE })).toContain('definition cannot be read');
  });
});

test('an assembly that cannot be read says which file', async () => {
  const folder = await temporaryFolder();
  await expect(readAssembly(folder)).rejects.toMatchObject({
    code: 'unreadable-assembly',
    message: expect.stringContaining(join(folder, 'manifest.json')),
  });
});
