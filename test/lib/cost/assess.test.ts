import { describe, expect, it } from 'vitest';
import { assessCost } from '../../../lib/cost/assess.ts';
import type { CostRequest } from '../../../lib/cost/assessment.ts';
import { defaultRequest } from '../../../lib/cost/default-request.ts';
import { exceededBudgets } from '../../../lib/cost/exceeded-budgets.ts';
import { usd, usdToDecimal } from '../../../lib/units/usd.ts';
import { FUNCTION, GLUE_TASK, lambdaTask, shippedPriceBook, templateOf } from '../../support/cost-template.ts';

const book = shippedPriceBook();

const REQUEST = defaultRequest([], book);

function assess(states: object, resources: object = {}, change: Partial<CostRequest> = {}) {
  return assessCost({ ...REQUEST, stacks: templateOf(states, resources), ...change });
}

const codesOf = ({ diagnostics }: ReturnType<typeof assess>) => diagnostics.map(({ code, at }) => `${code} ${at}`);
const decimal = (amount: bigint | null) =>
  amount === null ? null : usdToDecimal(amount as Parameters<typeof usdToDecimal>[0]);

/** A machine of its own whose Metadata and definition are given. */
const machineOf = (definition: unknown, metadata: object = {}) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Metadata: metadata,
  Properties: { DefinitionString: typeof definition === 'string' ? definition : JSON.stringify(definition) },
});
const SUCCEED = { StartAt: 'End', States: { End: { Type: 'Succeed' } } };

describe('an assessment', () => {
  it('counts a Glue run until its timeout, its transition and those of start and end', () => {
    // 5 DPU x 0.5 h x $0.308, and three transitions of $0.000025.
    expect(decimal(assess({ First: GLUE_TASK }).run.usd)).toBe('0.770075');
  });

  it.each([
    ['JSONata', { Assign: { items: '{% $states.input %}' } }, 'Items', '{% $items %}', /\{%.*%\}/],
    ['JSONPath', { Parameters: { 'items.$': '$.many' } }, 'ItemsPath', '$.items', /States\.\w+\(.*\)/],
  ])('takes what it asks for where the items of a Map are not known: %s', (language, fields, field, items, pattern) => {
    const review = (start: object, from: string) => {
      const processor = { StartAt: 'One', States: { One: { Type: 'Pass', End: true } } };
      const map = { Type: 'Map', [field]: from, ItemProcessor: processor, End: true };
      const states = { Start: { Type: 'Pass', Next: 'Each', ...start }, Each: map };
      const definition = { QueryLanguage: language, StartAt: 'Start', States: states };
      return assess({ First: { Type: 'Succeed' } }, { Large: machineOf(definition) });
    };
    const fix = pattern.exec(review(fields, items).diagnostics[0]?.fix ?? '')?.[0] ?? '';
    const found = language === 'JSONata' ? review(fields, fix) : review({ Parameters: { 'items.$': fix } }, items);

    // Ten items of a transition each, two states around them, start and end.
    expect(decimal(found.run.usd)).toBe('0.00035');
  });

  it('takes the dearest of several machines as its run', () => {
    const { run, machines } = assess({ First: GLUE_TASK }, { Cheap: machineOf(SUCCEED) });

    expect(decimal(run.usd)).toBe('0.770075');
    expect(machines.map(({ machine, usd: amount }) => [machine, decimal(amount)])).toEqual([
      ['app/Machine', '0.770075'],
      ['app/Cheap', '0.000075'],
    ]);
  });

  it('counts what rules do at the end of an execution, nested ones too', () => {
    const rule = {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.states'],
          'detail-type': ['Step Functions Execution Status Change'],
          detail: { status: ['SUCCEEDED', 'FAILED'] },
        },
        Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }],
      },
    };
    const start = {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: '@@INNER@@' },
      End: true,
    };
    const outer = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'First', States: { First: start } });
    const [before, after] = outer.split('@@INNER@@');
    const resources = {
      Outer: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { DefinitionString: { 'Fn::Join': ['', [before, { Ref: 'Inner' }, after]] } },
      },
      Inner: machineOf(SUCCEED),
      Work: FUNCTION,
    };
    const usdOf = (more: object) =>
      assessCost({ ...REQUEST, stacks: [{ stack: 'app', template: { Resources: { ...resources, ...more } } }] }).run
        .usd;
    const alone = assess({ First: { Type: 'Succeed' } }).run.usd ?? 0n;
    const ended = (assess({ First: { Type: 'Succeed' } }, { Rule: rule }).run.usd ?? 0n) - alone;

    expect(ended).toBeGreaterThan(0n);
    expect((usdOf({ Rule: rule }) ?? 0n) - (usdOf({}) ?? 0n)).toBe(2n * ended);
  });

  it('is over budget where a machine that is not the dearest is above its own', () => {
    const cheap = machineOf(SUCCEED, { Hundredfold: { RunBudgetUsd: '0.00007' } });

    const assessment = assess({ First: GLUE_TASK }, { Cheap: cheap });

    expect(assessment).toMatchObject({ verdict: 'over-budget', run: { budget: null } });
    expect(assessment.machines.map(({ budget }) => budget)).toEqual([null, usd('0.00007')]);
    expect(exceededBudgets(assessment)).toEqual([
      { what: 'run', at: 'app/Cheap', usd: usd('0.000075'), budget: usd('0.00007') },
    ]);
  });

  it('is over budget where the templates declare a smaller one, and within a greater one that is given', () => {
    const declared = { Hundredfold: { RunBudgetUsd: '0.00007', MonthBudgetUsd: '200' } };
    const resources = { Machine: machineOf(SUCCEED, declared) };

    expect(assess({}, resources)).toMatchObject({ verdict: 'over-budget', run: { budget: usd('0.00007') } });
    expect(assess({}, resources, { budget: { run: usd(1) } })).toMatchObject({
      verdict: 'bounded',
      run: { budget: usd(1) },
      month: { budget: usd(200) },
    });
  });

  it('shows no number, tree or machine beside an error, and every problem at once', () => {
    const assessment = assess(
      {
        First: { ...GLUE_TASK, Arguments: { JobName: 'nobody' }, End: undefined, Next: 'Then' },
        Then: lambdaTask({ Next: 'First' }),
      },
      {
        Broken: machineOf('{'),
        Server: { Type: 'AWS::EC2::Instance' },
        Budget: machineOf(SUCCEED, { Hundredfold: { RunBudgetUsd: 'six' } }),
      },
      { book: { ...book, prices: book.prices.filter(({ item }) => item !== 'lambda.request') } },
    );

    expect(assessment).toMatchObject({
      verdict: 'unbounded',
      run: { usd: null, tree: null },
      month: { usd: null, tree: null },
      machines: [],
      expected: [],
    });
    expect(codesOf(assessment).map((text) => text.split('.Properties')[0])).toEqual(
      expect.arrayContaining([
        'malformed-definition app/Broken',
        'missing-price app/Work',
        'unbounded-loop app/Machine.States.Then.Next',
        'unmetered-call app/Machine.States.First.Arguments.JobName',
        'unmetered-resource app/Server',
        'malformed-template app/Budget.Metadata.Hundredfold.RunBudgetUsd',
      ]),
    );
    const codes = codesOf(assessment);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('says that there is nothing to bound, and what cannot be read at all', () => {
    const none = [{ stack: 'app', template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }];

    expect(codesOf(assessCost({ ...REQUEST, stacks: none }))).toEqual(['no-state-machine templates']);
    expect(assessCost({ ...REQUEST, stacks: [{ stack: 'app', template: 7 }] })).toMatchObject({
      verdict: 'unbounded',
      run: { usd: null },
    });
  });

  it('warns of an old price book without taking the bound back', () => {
    const assessment = assess({ First: { Type: 'Succeed' } }, {}, { today: '2027-06-01' });

    expect(codesOf(assessment)).toEqual(['old-price-book prices of us-east-1']);
    expect(assessment.verdict).toBe('bounded');
  });
});
