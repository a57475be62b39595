// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what DefinitionSubstitutions replace
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnCondition, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { afterAll, describe, expect, it } from 'vitest';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import type { StackTemplate } from '../../../../lib/cost/templates/template-set.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { plain } from './app-under-test.ts';

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'templates-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/** What CDK synthesizes, with the texts of its JSON assets by their keys. */
function synthesize(build: (app: App) => void): readonly StackTemplate[] {
  const app = new App({ outdir: folder(), analyticsReporting: false });
  build(app);
  const assembly = app.synth();
  return assembly.stacks.map(({ stackName, template, templateFile }) => {
    const manifest: AssetManifest = JSON.parse(
      readFileSync(join(assembly.directory, templateFile.replace('.template.json', '.assets.json')), 'utf8'),
    );
    const assets = Object.values(manifest.files)
      .filter(({ source }) => source.path?.endsWith('.json') && !source.path.endsWith('.template.json'))
      .flatMap(({ source, destinations }) =>
        Object.values(destinations).map(
          ({ objectKey }) => [objectKey, readFileSync(join(assembly.directory, source.path), 'utf8')] as const,
        ),
      );
    return { stack: stackName, template, assets: new Map(assets) };
  });
}

function definitionsOf(stacks: readonly StackTemplate[], parameters: Readonly<Record<string, string>> = {}) {
  const { value, diagnostics } = readTemplates(stacks, { region: 'us-east-1', parameters });
  expect(diagnostics).toEqual([]);
  const set = must(value, 'a set');
  const machine = must(
    set.resources.find(({ type }) => type === 'AWS::StepFunctions::StateMachine'),
    'a state machine',
  );
  const read = set.definitionsOf(machine);
  expect(read.diagnostics).toEqual([]);
  return { set, definitions: must(read.value, 'definitions').map(({ json }) => plain(json)) };
}

const handler = (stack: Stack) =>
  new LambdaFunction(stack, 'Handler', {
    code: Code.fromInline('x'),
    handler: 'index.x',
    runtime: Runtime.NODEJS_24_X,
  });

describe('templates as CDK synthesizes them', () => {
  it('hold a chain as a joined text, across stacks', () => {
    const stacks = synthesize((app) => {
      const invoked = handler(new Stack(app, 'functions'));
      const stack = new Stack(app, 'machines');
      const task = new LambdaInvoke(stack, 'Call it', { lambdaFunction: invoked });
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
    });

    const { set, definitions } = definitionsOf(stacks);

    const lambda = must(
      set.resources.find(({ type }) => type === 'AWS::Lambda::Function'),
      'a function',
    );
    expect(lambda.stack).toBe('functions');
    expect(definitions).toMatchObject([
      {
        States: {
          'Call it': {
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { FunctionName: `@{${lambda.address}.Arn}` },
          },
        },
      },
    ]);
  });

  it('hold a text with tokens', () => {
    const stacks = synthesize((app) => {
      const stack = new Stack(app, 'machines');
      const open = new CfnParameter(stack, 'Attempts', { type: 'Number', default: 3 });
      const text = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${handler(stack).functionArn}","Retry":[{"MaxAttempts":${Token.asString(open.value)}}]}}}`;
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromString(text) });
    });

    expect(definitionsOf(stacks, { Attempts: '7' }).definitions).toMatchObject([
      {
        States: {
          A: { Resource: expect.stringMatching(/^@\{machines\/Handler\w+\.Arn\}$/), Retry: [{ MaxAttempts: 7 }] },
        },
      },
    ]);
    expect(definitionsOf(stacks).definitions).toMatchObject([
      { States: { A: { Retry: [{ MaxAttempts: { decidedBy: 'deployment' } }] } } },
    ]);
  });

  it('hold a file with substitutions as an asset', () => {
    const file = join(folder(), 'machine.asl.json');
    writeFileSync(
      file,
      '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Function}","TimeoutSeconds":${Seconds}}}}',
    );
    const stacks = synthesize((app) => {
      const stack = new Stack(app, 'machines');
      new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromFile(file),
        definitionSubstitutions: { Function: handler(stack).functionArn, Seconds: '60' },
      });
    });

    expect(definitionsOf(stacks).definitions).toMatchObject([
      { States: { A: { Resource: expect.stringMatching(/^@\{machines\/Handler\w+\.Arn\}$/), TimeoutSeconds: 60 } } },
    ]);
  });

  it('hold an object with conditions', () => {
    const stacks = synthesize((app) => {
      const stack = new Stack(app, 'machines');
      const stage = new CfnParameter(stack, 'Stage', { allowedValues: ['test', 'prod'] });
      const isProd = new CfnCondition(stack, 'IsProd', { expression: Fn.conditionEquals(stage.valueAsString, 'prod') });
      new CfnStateMachine(stack, 'Machine', {
        roleArn: 'arn:aws:iam::000000000000:role/x',
        definition: {
          StartAt: 'A',
          TimeoutSeconds: Fn.conditionIf(isProd.logicalId, 60, 10),
          Comment: stage.valueAsString,
        },
      });
    });

    expect(definitionsOf(stacks).definitions).toEqual([
      { StartAt: 'A', TimeoutSeconds: 10, Comment: 'test' },
      { StartAt: 'A', TimeoutSeconds: 60, Comment: 'prod' },
    ]);
  });
});
