import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type CfnStateMachine,
  Choice,
  Condition,
  DefinitionBody,
  StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { type App, Duration, Stack, Stage, Validations } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { CostValidation, type CostValidationProps } from '../../../lib/constructs/cost-validation.ts';
import { usd } from '../../../lib/units/usd.ts';
import { quietApp } from '../../support/synthesized-example.ts';

type Compose = (stack: Stack) => void;

/** A stranger's state machine: one function, as CDK renders it by default. */
const invokeOnce = (stack: Stack, lambdaFunction = work(stack)): void => {
  new StateMachine(stack, 'Machine', {
    definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Work', { lambdaFunction })),
  });
};

const invokeForEver: Compose = (stack) => {
  const again = new LambdaInvoke(stack, 'Work', { lambdaFunction: work(stack) });
  const choice = new Choice(stack, 'Again?')
    .when(Condition.isPresent('$.next'), again)
    .otherwise(new Succeed(stack, 'End'));
  new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(again.next(choice)) });
};

const work = (stack: Stack): LambdaFunction =>
  new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => 1'),
    memorySize: 1_024,
    timeout: Duration.seconds(60),
  });

function synthesize(compose: Compose, props: CostValidationProps, adjust: (app: App) => void = () => undefined): void {
  const app = quietApp();
  compose(new Stack(app, 'stranger', { env: { region: 'us-east-1' } }));
  Validations.of(app).addPlugins(new CostValidation(props));
  adjust(app);
  try {
    app.synth();
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

describe('the cost validation of an app', () => {
  it('lets an app through that has a bound within its budget', () => {
    expect(() => synthesize(invokeOnce, { budget: { run: usd('0.01'), month: usd(1) } })).not.toThrow();
    expect(() => synthesize(invokeOnce, {})).not.toThrow();
  });

  it('refuses a run above its budget with both amounts: seven tries of a function', () => {
    expect(() => synthesize(invokeOnce, { budget: { run: usd('0.001') } })).toThrow(
      /a run may cost \$0\.00\d\d, its budget is \$0\.0010/,
    );
  });

  it('refuses a machine above its own budget beside a dearer one', () => {
    const besideDearer: Compose = (stack) => {
      invokeOnce(stack);
      const small = new StateMachine(stack, 'Small', {
        definitionBody: DefinitionBody.fromChainable(new Succeed(stack, 'End')),
      });
      (small.node.defaultChild as CfnStateMachine).addMetadata('Hundredfold', { RunBudgetUsd: '0.00001' });
    };

    expect(() => synthesize(besideDearer, {})).toThrow(/stranger\/Small\w+: a run may cost \$0\.0001, its budget is/);
  });

  it('refuses an app without a bound, and names what leaves it open', () => {
    expect(() => synthesize(invokeForEver, { budget: { run: usd(100) } })).toThrow(/unbounded-loop/);
  });

  it('lets a violation be acknowledged with a reason', () => {
    const acknowledge = (app: App) =>
      Validations.of(app).acknowledge({ id: 'hundredfold-cost::unbounded-loop', reason: 'a person stops it' });

    expect(() => synthesize(invokeForEver, {}, acknowledge)).not.toThrow();
  });

  it('bounds the stacks of every stage, with what they refer to in other stacks', () => {
    const app = quietApp();
    for (const name of ['Beta', 'Prod']) {
      const stage = new Stage(app, name);
      const env = { region: 'us-east-1' };
      invokeOnce(new Stack(stage, 'workflow', { env }), work(new Stack(stage, 'functions', { env })));
    }
    Validations.of(app).addPlugins(new CostValidation({ budget: { run: usd('0.001') } }));

    expect(() => app.synth()).toThrow(/Betaworkflow.* a run may cost[\s\S]*Prodworkflow.* a run may cost/);
    rmSync(app.outdir, { recursive: true });
  });

  it.each([
    ['a quantity of nothing', { quantities: { nonsense: 5 } }, /quantities\.nonsense/],
    ['a value of no parameter', { parameters: { Nope: '1' } }, /--parameter Nope/],
    ['a region without prices', { region: 'eu-central-1' }, /no price book of eu-central-1, only of us-east-1/],
  ])('refuses %s though the problem is in no resource', (_, props, problem) => {
    expect(() => synthesize(invokeOnce, props)).toThrow(problem);
  });

  it('reads definitions that are files of the app', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hundredfold-definition-'));
    const path = join(folder, 'machine.json');
    writeFileSync(path, JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 1, End: true } } }));
    const waitOnce: Compose = (stack) => {
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromFile(path) });
    };

    expect(() => synthesize(waitOnce, { budget: { run: usd('0.000075') } })).not.toThrow();
    expect(() => synthesize(waitOnce, { budget: { run: usd('0.000074') } })).toThrow(/a run may cost/);
    rmSync(folder, { recursive: true });
  });

  it('refuses an app in which nothing runs', () => {
    expect(() => synthesize(work, {})).toThrow(/no-state-machine/);
  });

  it('says which regions have prices where that of the stacks has none', () => {
    const elsewhere = quietApp();
    invokeOnce(new Stack(elsewhere, 'stranger', { env: { region: 'eu-central-1' } }));
    Validations.of(elsewhere).addPlugins(new CostValidation());

    expect(() => elsewhere.synth()).toThrow(/eu-central-1/);
    rmSync(elsewhere.outdir, { recursive: true });
  });
});
