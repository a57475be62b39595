import { describe, expect, test } from 'vitest';
import { boundEndRules } from '../../../../lib/cost/month/end-rules.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { usd } from '../../../../lib/units/usd.ts';
import { contextOf, functionWith, MACHINE, type Resources } from './context-of.ts';

/** Twelve places: fifteen seconds of a gigabyte and a request, exact. */
const INVOCATION = usd('0.0002502005');

function endOf(resources: Resources) {
  const context = contextOf({ Machine: MACHINE, Other: MACHINE, Work: functionWith(), ...resources });
  return boundEndRules(must(context.templates.find('app/Machine'), 'the machine'), context);
}

const ruleOn = (EventPattern: object, properties: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: { EventPattern, Targets: [{ Id: 'one', Arn: { 'Fn::GetAtt': ['Work', 'Arn'] } }], ...properties },
});

const ENDS = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

describe('an execution reaches a rule', () => {
  test.each([
    ['once for its end', { source: ['aws.states'], detail: { status: ENDS } }, 1],
    ['once for a failure', { source: ['aws.states'], detail: { status: ['FAILED'] } }, 1],
    ['once for its start', { source: ['aws.states'], detail: { status: ['RUNNING'] } }, 1],
    ['twice without a filter', { source: ['aws.states'] }, 2],
    ['twice for both', { source: [{ prefix: 'aws.' }], detail: { status: ['RUNNING', ...ENDS] } }, 2],
    ['once but for its start', { source: ['aws.states'], detail: { status: [{ 'anything-but': 'RUNNING' }] } }, 1],
    ['by its name', { source: ['aws.states'], detail: { stateMachineArn: [{ Ref: 'Machine' }] } }, 2],
    [
      'by one of two',
      { source: ['aws.states'], detail: { stateMachineArn: [{ Ref: 'Other' }, { Ref: 'Machine' }] } },
      2,
    ],
    ['not as another', { source: ['aws.states'], detail: { stateMachineArn: [{ Ref: 'Other' }] } }, 0],
    ['not as another service', { source: ['aws.glue'] }, 0],
    ['not as another event', { source: ['aws.states'], 'detail-type': ['Something else'] }, 0],
    ['of an unknown machine', { source: ['aws.states'], detail: { stateMachineArn: [{ prefix: 'arn:' }] } }, 2],
  ])('%s', (_, pattern, matches) => {
    const { node, diagnostics } = endOf({ Rule: ruleOn(pattern) });
    expect(diagnostics).toEqual([]);
    // A function that fails is tried three times.
    expect(node.usd).toBe(INVOCATION * 3n * BigInt(matches));
  });
});

test('retries of the function are those that are configured', () => {
  const config = {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Work' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  };
  expect(endOf({ Rule: ruleOn({ source: ['aws.states'] }), Config: config }).node.usd).toBe(INVOCATION * 2n);
});

test('a rule that is disabled, or on another bus, hears nothing', () => {
  const pattern = { source: ['aws.states'] };
  expect(endOf({ Rule: ruleOn(pattern, { State: 'DISABLED' }) }).node.usd).toBe(0n);
  expect(endOf({ Rule: ruleOn(pattern, { EventBusName: 'orders' }) }).node.usd).toBe(0n);
});

test('a topic and a queue are requests of the greatest size', () => {
  const rule = ruleOn(
    { source: ['aws.states'], detail: { status: ENDS } },
    {
      Targets: [
        { Id: 'topic', Arn: { Ref: 'Topic' } },
        { Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
      ],
    },
  );
  const given = { Rule: rule, Topic: { Type: 'AWS::SNS::Topic' }, Queue: { Type: 'AWS::SQS::Queue' } };
  const { node, diagnostics } = endOf(given);
  expect(diagnostics).toEqual([]);
  // Sixteen chunks of 64 KB each, at $0.50 and $0.40 a million.
  expect(node.usd).toBe(usd('0.0000144'));
});
