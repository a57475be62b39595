import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { boundAsynchronousInvocation } from '../meters/lambda-call.ts';
import type { NamedFunction } from '../meters/lambda-function.ts';
import { boundPublish, boundSendMessage } from '../meters/messages.ts';
import type { MeteredCall } from '../meters/meter.ts';
import { markedAddress, type TemplateResource, type TemplateSet } from '../templates/template-set.ts';
import { type Bounded, refused, sumBounded } from '../tree/bounded.ts';
import { isUnresolved, reasonOf } from '../unresolved.ts';
import { functionAt, machineAt } from './addressed.ts';

/** What a schedule or a rule sends its events to, and the property that says so. */
export type EventTarget = { readonly at: string } & (
  | { readonly kind: 'machine'; readonly machine: TemplateResource }
  | { readonly kind: 'function'; readonly function: NamedFunction }
  | { readonly kind: 'topic' | 'queue'; readonly name: string }
  /** Only what is written costs. */
  | { readonly kind: 'log-group' }
  | { readonly kind: 'other'; readonly what: string }
);

/**
 * What a resolved target, with `Arn` and, of a schedule's universal target, `Input`, sends to: the target itself, and
 * the queue for what it could not deliver.
 */
export function eventTargetsOf(target: unknown, at: string, context: CostContext): readonly EventTarget[] {
  if (isUnresolved(target)) return [{ at, kind: 'other', what: `what is ${reasonOf(target)}` }];
  const { Arn, Input, DeadLetterConfig } = isObject(target) ? target : {};
  const deadLetters = isObject(DeadLetterConfig) ? [DeadLetterConfig['Arn']] : [];
  return [
    targetAt(Arn, Input, `${at}.Arn`, context),
    ...deadLetters.map((arn) => targetAt(arn, undefined, `${at}.DeadLetterConfig.Arn`, context)),
  ];
}

function targetAt(arn: unknown, input: unknown, at: string, context: CostContext): EventTarget {
  if (isUnresolved(arn)) return { at, kind: 'other', what: `what is ${reasonOf(arn)}` };
  if (typeof arn !== 'string') return { at, kind: 'other', what: JSON.stringify(arn) ?? 'nothing' };
  const call = /:scheduler:::aws-sdk:([\w:]+)(?:\.\w+)?$/.exec(arn)?.[1];
  return call === undefined ? resourceTarget(arn, at, context) : calledTarget(call, inputOf(input), at, context);
}

function resourceTarget(arn: string, at: string, context: CostContext): EventTarget {
  const machine = machineAt(arn, context.templates);
  if (machine !== undefined) return { at, kind: 'machine', machine };
  const target = functionAt(arn, context);
  if (target !== undefined) return { at, kind: 'function', function: target };
  switch (serviceOf(arn, context.templates)) {
    case 'sns':
      return { at, kind: 'topic', name: arn };
    case 'sqs':
      return { at, kind: 'queue', name: arn };
    case 'logs':
      return { at, kind: 'log-group' };
    default:
      return { at, kind: 'other', what: arn };
  }
}

const SERVICE_OF_TYPE: Readonly<Record<string, string>> = {
  'AWS::SNS::Topic': 'sns',
  'AWS::SQS::Queue': 'sqs',
  'AWS::Logs::LogGroup': 'logs',
};

function serviceOf(arn: string, templates: TemplateSet): string | undefined {
  const address = markedAddress(arn.replace(/:\*$/, ''));
  const type = address === undefined ? undefined : templates.find(address)?.type;
  return SERVICE_OF_TYPE[type ?? ''] ?? /^arn:(?:@\{[^}]*\}|[^:])+:(\w+):/.exec(arn)?.[1];
}

/** A universal target of a schedule calls an API. */
function calledTarget(call: string, input: JsonObject, at: string, context: CostContext): EventTarget {
  switch (call) {
    case 'sfn:startExecution':
      return callOn(input['StateMachineArn'], ['machine'], call, at, context);
    case 'sns:publish':
      return callOn(input['TopicArn'], ['topic'], call, at, context);
    case 'sqs:sendMessage':
      return callOn(input['QueueUrl'], ['queue'], call, at, context);
    default:
      return { at, kind: 'other', what: call };
  }
}

function callOn(
  arn: unknown,
  kinds: readonly EventTarget['kind'][],
  call: string,
  at: string,
  context: CostContext,
): EventTarget {
  const target = typeof arn === 'string' ? resourceTarget(arn, at, context) : undefined;
  return target !== undefined && kinds.includes(target.kind) ? target : { at, kind: 'other', what: call };
}

function inputOf(input: unknown): JsonObject {
  try {
    const value: unknown = typeof input === 'string' ? JSON.parse(input) : undefined;
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** The most that one event, once it is delivered, can cost: without an execution that it starts. */
export function boundTarget(target: EventTarget, context: CostContext): Bounded {
  const { at } = target;
  switch (target.kind) {
    case 'function':
      return boundAsynchronousInvocation(target.function, context);
    case 'topic':
      return boundPublish(callWith({ TopicArn: target.name }, at), context);
    case 'queue':
      return boundSendMessage(callWith({ QueueUrl: target.name }, at), context);
    case 'machine':
    case 'log-group':
      return sumBounded(`event to a ${target.kind}`, at, []);
    case 'other': {
      const message = `sends events to ${target.what}, which has no meter`;
      const fix = 'send them to a state machine, a function, a topic or a queue of the templates';
      return refused('event', at, [costDiagnostic('unmetered-call', { at, message, fix })]);
    }
  }
}

const callWith = (value: JsonObject, at: string): MeteredCall => ({
  at,
  arguments: { value, at, source: 'template' },
  retries: 0,
});
