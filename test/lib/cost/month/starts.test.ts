import { describe, expect, test } from 'vitest';
import { boundMonth } from '../../../../lib/cost/month/month-bound.ts';
import { sumBounded } from '../../../../lib/cost/tree/bounded.ts';
import { contextOf, functionWith, MACHINE, type Resources, roleOf, scheduleWith } from './context-of.ts';

function monthOf(resources: Resources, quantities: Readonly<Record<string, number>> = {}, parameters: object = {}) {
  const machines = [{ machine: 'app/Machine', run: sumBounded('run', 'app/Machine', []) }];
  return boundMonth({ machines, quantities, context: contextOf({ Machine: MACHINE, ...resources }, parameters) });
}

const startsOf = (...given: Parameters<typeof monthOf>): number | undefined =>
  monthOf(...given).startsPerMonth.get('app/Machine');

const problemsOf = (...given: Parameters<typeof monthOf>) =>
  monthOf(...given).month.diagnostics.map(({ code, at }) => `${code} ${at}`);

const toMachine = { Arn: { Ref: 'Machine' } };
const startMay = { Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: 'Machine' } };

describe('schedules', () => {
  test.each([
    ['cron(0 4 * * ? *)', 31],
    ['rate(1 hour)', 744],
    ['at(2027-01-01T00:00:00)', 1],
  ])('%s starts its machine %i times', (ScheduleExpression, starts) => {
    expect(startsOf({ Schedule: scheduleWith(toMachine, { ScheduleExpression }) })).toBe(starts);
  });

  test('tick on the clocks of their zone, within their flexible window', () => {
    const zoned = { ScheduleExpression: 'cron(0 * * * ? *)', ScheduleExpressionTimezone: 'America/New_York' };
    const flexible = {
      ScheduleExpression: 'cron(50 23 * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
    };
    expect(startsOf({ Schedule: scheduleWith(toMachine, zoned) })).toBe(745);
    expect(startsOf({ Schedule: scheduleWith(toMachine, flexible) })).toBe(32);
  });

  test('start nothing while they are disabled', () => {
    expect(startsOf({ Schedule: scheduleWith(toMachine, { State: 'DISABLED' }) })).toBe(0);
  });

  test('add up, with scheduled rules', () => {
    const rule = {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(7 days)', Targets: [{ Id: 'one', ...toMachine }] },
    };
    expect(startsOf({ Schedule: scheduleWith(toMachine), Rule: rule })).toBe(31 + 5);
  });

  test('start a machine by its literal ARN, or by a call of the API', () => {
    const arn = 'arn:aws:states:us-east-1:111122223333:stateMachine:nightly';
    const call = { Arn: 'arn:aws:scheduler:::aws-sdk:sfn:startExecution' };
    expect(startsOf({ Schedule: scheduleWith({ Arn: arn }) })).toBe(31);
    expect(startsOf({ Schedule: scheduleWith({ ...call, Input: JSON.stringify({ StateMachineArn: arn }) }) })).toBe(31);
    const input = { 'Fn::Join': ['', ['{"StateMachineArn":"', { Ref: 'Machine' }, '"}']] };
    expect(startsOf({ Schedule: scheduleWith({ ...call, Input: input }) })).toBe(31);
  });

  test('count as the variant that ticks most', () => {
    const parameters = { Often: { Type: 'String', AllowedValues: ['rate(1 day)', 'rate(1 hour)'] } };
    const schedule = scheduleWith(toMachine, { ScheduleExpression: { Ref: 'Often' } });
    expect(startsOf({ Schedule: schedule }, {}, parameters)).toBe(744);
  });

  test('that cannot be read are reported, all of them', () => {
    const given = {
      Deployed: scheduleWith(toMachine, { ScheduleExpression: { Ref: 'Often' } }),
      Malformed: scheduleWith(toMachine, { ScheduleExpression: 'every day' }),
      Nowhere: scheduleWith(toMachine, { ScheduleExpressionTimezone: 'Europe/Atlantis' }),
      Elsewhere: scheduleWith({ Arn: 'arn:aws:scheduler:::aws-sdk:glue:startJobRun', Input: '{' }),
      Retried: scheduleWith({ ...toMachine, RetryPolicy: { MaximumRetryAttempts: 200 } }),
    };
    expect(problemsOf(given, {}, { Often: { Type: 'String' } })).toEqual([
      'deploy-time-limit app/Deployed.Properties.ScheduleExpression',
      'malformed-template app/Malformed.Properties.ScheduleExpression',
      'malformed-template app/Nowhere.Properties.ScheduleExpressionTimezone',
      'unmetered-call app/Elsewhere.Properties.Target.Arn',
      'malformed-template app/Retried.Properties.Target.RetryPolicy.MaximumRetryAttempts',
    ]);
  });
});

describe('functions that start executions', () => {
  const promise = { Hundredfold: { Starts: { Ref: 'Machine' }, ExecutionsPerInvocation: 2 } };
  const toFunction = { Arn: { 'Fn::GetAtt': ['Starter', 'Arn'] } };
  const role = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };

  test('start what their metadata says, for each tick', () => {
    const given = {
      Schedule: scheduleWith(toFunction),
      Role: roleOf('lambda', [startMay]),
      Starter: functionWith(role, promise),
    };
    expect(startsOf(given)).toBe(62);
    expect(problemsOf(given)).toEqual([]);
    expect(monthOf(given).assumptions.map(({ name }) => name)).toContain('declared-starts');
  });

  test.each([
    ['states:StartExecution', { Ref: 'Machine' }],
    ['states:Start*', '*'],
    ['*', 'arn:aws:states:us-east-1:111122223333:stateMachine:night*'],
    ['states:StartSyncExecution', 'arn:aws:states:*:*:stateMachine:nightly'],
  ])('are refused where %s on %j is allowed and they say nothing', (Action, Resource) => {
    const given = {
      Schedule: scheduleWith(toFunction),
      Role: roleOf('lambda', [{ Effect: 'Allow', Action, Resource }]),
      Starter: functionWith(role),
    };
    expect(problemsOf(given).filter((problem) => problem.startsWith('unbounded'))).toEqual([
      'unbounded-starts app/Starter.Metadata.Hundredfold',
    ]);
    expect(problemsOf(given, { 'executions-of-Machine': 10 })).not.toContain(
      'unbounded-starts app/Starter.Metadata.Hundredfold',
    );
    expect(startsOf(given, { 'executions-of-Machine': 10 })).toBe(10);
  });

  test('may do what concerns other resources, or is denied', () => {
    const deny = { Effect: 'Deny', Action: 'states:StartExecution', Resource: '*' };
    const given = {
      Schedule: scheduleWith(toFunction),
      Other: roleOf('lambda', [
        { Effect: 'Allow', Action: '*', Resource: ['arn:aws:s3:::bucket/*', { 'Fn::GetAtt': ['Bucket', 'Arn'] }] },
      ]),
      Bucket: { Type: 'AWS::S3::Bucket' },
      Role: roleOf('lambda', [startMay, deny]),
      Starter: functionWith(role),
      Reader: functionWith({ Role: { 'Fn::GetAtt': ['Other', 'Arn'] } }),
    };
    expect(problemsOf(given)).toEqual([]);
  });

  test('are refused where they may start a machine by its alias, whose versions may be earlier ones', () => {
    const given = {
      Live: { Type: 'AWS::StepFunctions::StateMachineAlias', Properties: { Name: 'live' } },
      Schedule: scheduleWith({ Arn: { Ref: 'Live' } }),
    };
    expect(problemsOf(given)).toEqual(['unmetered-call app/Schedule.Properties.Target.Arn']);
  });

  test('for custom resources start them in deployments, if nothing else invokes them', () => {
    const custom = { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Starter', 'Arn'] } } };
    const given = {
      Role: roleOf('lambda', [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: '*' }]),
      Starter: functionWith(role),
    };
    const refused = ['unbounded-starts app/Starter.Metadata.Hundredfold'];
    expect(problemsOf(given)).toEqual(refused);
    expect(problemsOf({ ...given, Custom: custom })).toEqual([]);
    expect(problemsOf({ ...given, Custom: custom, Schedule: scheduleWith(toFunction) })).toEqual(refused);
  });

  test('are refused where they may start machines of others', () => {
    const foreign = 'arn:aws:states:us-east-1:111122223333:stateMachine:elsewhere';
    const given = {
      Role: roleOf('lambda', [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: foreign }]),
      Starter: functionWith(role),
    };
    expect(problemsOf(given, { 'executions-of-Machine': 3 })).toEqual([
      'unbounded-starts app/Starter.Metadata.Hundredfold',
    ]);
  });

  const STATUS_CHANGE = 'Step Functions Execution Status Change';
  const ruleOn = (pattern: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern: { source: ['aws.states'], ...pattern }, Targets: [{ Id: 'one', ...toFunction }] },
  });

  test('must not hear of the ends of executions', () => {
    const rule = ruleOn({ 'detail-type': [STATUS_CHANGE] });
    expect(problemsOf({ Rule: rule, Starter: functionWith({}, promise) })).toEqual([
      'unbounded-starts app/Rule.Properties.Targets[0].Arn',
    ]);
  });

  test.each([
    ['calls of the API', { 'detail-type': ['AWS API Call via CloudTrail'] }],
    ['runs of Maps', { 'detail-type': ['Step Functions Map Run Status Change'] }],
    ['anything of Step Functions', {}],
  ])('must say how often they hear of %s', (_, pattern) => {
    const given = { Rule: ruleOn(pattern), Starter: functionWith() };
    expect(problemsOf(given)).toEqual(['unbounded-starts app/Rule.Properties.EventPattern']);
    expect(problemsOf(given, { 'invocations-of-Starter': 5 })).toEqual([]);
  });

  test.each([
    ['its alias', { Ref: 'Live' }],
    ['its version', { Ref: 'Published' }],
    ['its alias by name', { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Starter', 'Arn'] }, 'live']] }],
    ['its name', 'starter'],
  ])('must not be tasks of a machine, by %s', (_, name) => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: name },
      End: true,
    };
    const machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { Definition: { StartAt: 'starter', States: { starter: task } } },
    };
    const given = {
      Starter: functionWith({ FunctionName: 'starter' }, promise),
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Starter' }, Name: 'live' } },
      Published: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Starter' } } },
      Caller: machine,
    };
    expect(problemsOf(given)).toEqual(['unbounded-starts app/Caller.Properties.Definition']);
  });

  test('must not be tasks of a machine', () => {
    const [before, after] = ['{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"', '","End":true}}}'];
    const machine = {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: { 'Fn::Join': ['', [before, { 'Fn::GetAtt': ['Starter', 'Arn'] }, after]] },
      },
    };
    expect(problemsOf({ Other: machine, Starter: functionWith({}, promise) })).toEqual([
      'unbounded-starts app/Other.Properties.DefinitionString',
    ]);
  });

  test('say something that can be read', () => {
    const unknown = { Hundredfold: { Starts: 'arn:aws:states:us-east-1:111122223333:stateMachine:other' } };
    expect(problemsOf({ Starter: functionWith({}, unknown) })).toEqual([
      'missing-limit app/Starter.Metadata.Hundredfold.ExecutionsPerInvocation',
      'unknown-reference app/Starter.Metadata.Hundredfold.Starts',
    ]);
  });
});

test('code of jobs that may start executions is refused, what schedules and machines may do is counted', () => {
  const roles = {
    Job: roleOf('glue', [startMay]),
    Schedules: roleOf('scheduler', [startMay]),
    Machines: roleOf('states', [startMay]),
  };
  expect(problemsOf(roles)).toEqual(['unbounded-starts app/Job']);
  expect(problemsOf(roles, { 'executions-of-Machine': 3 })).toEqual([]);
});

describe('events', () => {
  const rule = (EventPattern: object, target: object) => ({
    Type: 'AWS::Events::Rule',
    Properties: { EventPattern, Targets: [{ Id: 'one', ...target }] },
  });
  const arrived = { source: ['aws.s3'] };

  test('that start a machine need a declared quantity', () => {
    const given = { Rule: rule(arrived, toMachine) };
    expect(problemsOf(given)).toEqual(['unbounded-starts app/Rule.Properties.EventPattern']);
    expect(problemsOf(given, { 'executions-of-Machine': 12 })).toEqual([]);
    expect(startsOf(given, { 'executions-of-Machine': 12 })).toBe(12);
  });

  test('that invoke a function need one too', () => {
    const given = {
      Rule: rule({ source: ['aws.glue'] }, { Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }),
      Work: functionWith(),
    };
    expect(problemsOf(given)).toEqual(['unbounded-starts app/Rule.Properties.EventPattern']);
    expect(problemsOf(given, { 'invocations-of-Work': 12 })).toEqual([]);
  });

  test.each([
    ['AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'Work' } }, 'FunctionName'],
    ['AWS::Lambda::Url', { TargetFunctionArn: { Ref: 'Work' }, AuthType: 'NONE' }, 'TargetFunctionArn'],
    ['AWS::Lambda::Permission', { FunctionName: { Ref: 'Work' }, Principal: 's3.amazonaws.com' }, 'Principal'],
    ['AWS::Lambda::Permission', { FunctionName: { Ref: 'Work' }, Principal: 'events.amazonaws.com' }, 'Principal'],
    ['AWS::SNS::Subscription', { Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Work', 'Arn'] } }, 'Endpoint'],
  ])('of %s %j are not limited', (Type, Properties, property) => {
    const given = { Source: { Type, Properties }, Work: functionWith() };
    expect(problemsOf(given)).toEqual([`unbounded-starts app/Source.Properties.${property}`]);
  });

  test('start what the function that hears them says', () => {
    const promise = { Hundredfold: { Starts: { Ref: 'Machine' }, ExecutionsPerInvocation: 1 } };
    const given = {
      Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Work' } } },
      Work: functionWith({}, promise),
    };
    expect(startsOf(given, { 'invocations-of-Work': 40 })).toBe(40);
  });

  test('are not sent to what has no meter', () => {
    const given = { Rule: rule(arrived, { Arn: 'arn:aws:codebuild:us-east-1:111122223333:project/other' }) };
    expect(problemsOf(given)).toEqual(['unmetered-call app/Rule.Properties.Targets[0].Arn']);
  });
});
