import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, refused, sumBounded } from '../tree/bounded.ts';
import { boundAsynchronousInvocation } from './lambda-call.ts';
import { findFunction } from './lambda-function.ts';
import { factorOf, type Limit, readLimit } from './limit.ts';
import { dearestOf, type Meter } from './meter.ts';
import { findNamed, resourcesNamed } from './named-resource.ts';
import { requestLeaf } from './request-leaf.ts';
import { elementsOf, isSet, notKnown, type Setting, settingIn, unknownOptions, unmeteredOption } from './setting.ts';

/**
 * Messages and events have 1 MiB at most, and are billed by 64 KB. SNS documents 256 KiB, SQS 1 MiB; the larger counts
 * for all. Sources: https://aws.amazon.com/sqs/pricing, https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * (2026-11-20).
 */
const MOST_BYTES = 1_048_576;
const CHUNK_BYTES = 65_536;
const MOST_CHUNKS = MOST_BYTES / CHUNK_BYTES;
/** Entries of a batch. Source: API PutEvents, PublishBatch, SendMessageBatch (2026-11-20). */
const MOST_ENTRIES = 10;

const TOPIC = { types: ['AWS::SNS::Topic'], nameProperty: 'TopicName' };
const TOPIC_OPTIONS = new Set([
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoTopic',
  'KmsMasterKeyId',
  'SignatureVersion',
  'Subscription',
  'Tags',
  'TopicName',
]);
const QUEUE = { types: ['AWS::SQS::Queue'], nameProperty: 'QueueName' };

/** `sns:publish`: the message, and every delivery of it to the subscriptions of the templates. */
export const boundPublish: Meter = (call, context) => {
  const phone = settingIn(call.arguments, 'PhoneNumber');
  const name = [settingIn(call.arguments, 'TopicArn'), settingIn(call.arguments, 'TargetArn')].find(isSet);
  if (name === undefined) return refused('SNS message', phone.at, [refuseDirect(phone)]);
  const { value: topic, diagnostics } = findNamed(name, TOPIC, context);
  if (topic === undefined) return refused('SNS message', name.at, diagnostics);
  return dearestOf(
    context.templates.variantsOf(topic, ['FifoTopic', 'Subscription']).map((value) => {
      const properties: Setting = { value, at: `${topic.address}.Properties`, source: 'template' };
      return boundTopic(topic, properties, context);
    }),
  );
};

const refuseDirect = ({ at }: Setting): Diagnostic =>
  unmeteredOption(
    at,
    'no topic is named: direct messages have prices of their own',
    'publish to a topic of the templates',
  );

function boundTopic(topic: TemplateResource, properties: Setting, context: CostContext): Bounded {
  const fifo = settingIn(properties, 'FifoTopic');
  const written: Setting = { ...properties, value: topic.properties };
  const deliveries = subscriptionsOf(topic, properties, context).map((each) => boundDelivery(each, context));
  const message = requestLeaf(
    {
      label: 'one message of the greatest size',
      at: topic.address,
      item: 'sns.publish',
      factors: [chunksAt(topic.address)],
    },
    context.book,
  );
  const { node, diagnostics } = sumBounded('one message and its deliveries', topic.address, [message, ...deliveries]);
  const isFifo = isSet(fifo) && fifo.value !== false;
  const refusals = isFifo ? [unmeteredOption(fifo.at, 'has prices that no meter covers', 'use a standard topic')] : [];
  return { node, diagnostics: [...diagnostics, ...refusals, ...unknownOptions(written, TOPIC_OPTIONS)] };
}

const chunksAt = (at: string) => ({ name: '64 KB chunks', at, quantity: BigInt(MOST_CHUNKS) });

/** Subscriptions of a topic: resources of their own, and those that it lists itself. */
function subscriptionsOf(topic: TemplateResource, properties: Setting, context: CostContext): readonly Setting[] {
  const own = elementsOf(settingIn(properties, 'Subscription')) ?? [];
  const separate = context.templates.resources
    .filter(({ type }) => type === 'AWS::SNS::Subscription')
    .flatMap((subscription) =>
      context.templates
        .variantsOf(subscription, ['TopicArn', 'Protocol', 'Endpoint'])
        .map((value): Setting => ({ value, at: `${subscription.address}.Properties`, source: 'template' })),
    );
  return [...own, ...separate.filter((subscription) => isTo(topic, settingIn(subscription, 'TopicArn'), context))];
}

/** A subscription of an unknown topic may be one of this. */
const isTo = (topic: TemplateResource, { value }: Setting, { templates }: CostContext): boolean =>
  typeof value !== 'string' || resourcesNamed(value, TOPIC, templates).includes(topic);

/** Deliveries to queues are free, functions are invoked. Source: https://aws.amazon.com/sns/pricing (2026-11-20). */
function boundDelivery(subscription: Setting, context: CostContext): Bounded {
  const protocol = settingIn(subscription, 'Protocol');
  const endpoint = settingIn(subscription, 'Endpoint');
  switch (protocol.value) {
    case 'sqs':
      return sumBounded('delivery to a queue', protocol.at, []);
    case 'email':
    case 'email-json':
      return requestLeaf({ label: 'one email', at: protocol.at, item: 'sns.email' }, context.book);
    case 'lambda': {
      const { value: named, diagnostics } = findFunction(endpoint, context);
      if (named === undefined) return refused('delivery to a function', endpoint.at, diagnostics);
      const bound = boundAsynchronousInvocation(named, context);
      return { node: bound.node, diagnostics: [...diagnostics, ...bound.diagnostics] };
    }
    default: {
      const refusal = unmeteredOption(
        protocol.at,
        `deliveries by ${String(protocol.value)} have no meter`,
        'use sqs, email or lambda',
      );
      return refused('delivery', protocol.at, [notKnown(protocol, 'set sqs, email or lambda') ?? refusal]);
    }
  }
}

/** `sqs:sendMessage`: as many requests as a message of the queue's greatest size has chunks of 64 KB. */
export const boundSendMessage: Meter = (call, context) => boundSend(call.arguments, 1, context);

/** `aws-sdk:sqs:sendMessageBatch`: the messages of a batch together have the size of one, each of them a chunk at least. */
export const boundSendBatch: Meter = (call, context) => boundSend(call.arguments, MOST_ENTRIES, context);

function boundSend(call: Setting, messages: number, context: CostContext): Bounded {
  const name = settingIn(call, 'QueueUrl');
  const { value: queue, diagnostics } = findNamed(name, QUEUE, context);
  if (queue === undefined) return refused('SQS message', name.at, diagnostics);
  const at = `${queue.address}.Properties`;
  const variants = context.templates.variantsOf(queue, ['FifoQueue', 'MaximumMessageSize']);
  return dearestOf(variants.map((value) => boundQueue({ value, at, source: 'template' }, messages, context)));
}

function boundQueue(properties: Setting, messages: number, context: CostContext): Bounded {
  const fifo = settingIn(properties, 'FifoQueue');
  const size = readLimit(settingIn(properties, 'MaximumMessageSize'), {
    expected: 'a literal number of bytes',
    most: MOST_BYTES,
    standard: MOST_BYTES,
  });
  const chunks: Limit = { ...size, value: Math.ceil(size.value / CHUNK_BYTES) + messages - 1 };
  const item = isSet(fifo) && fifo.value !== false ? 'sqs.fifo.request' : 'sqs.standard.request';
  const factors = [factorOf('64 KB chunks', chunks)];
  const bound = requestLeaf({ label: 'messages of the greatest size', at: size.at, item, factors }, context.book);
  return { node: bound.node, diagnostics: [...size.diagnostics, ...bound.diagnostics] };
}

/** `events:putEvents`: what the events are; what they would trigger is refused. */
export const boundPutEvents: Meter = (call, context) => {
  const entries = settingIn(call.arguments, 'Entries');
  const count = elementsOf(entries)?.length ?? MOST_ENTRIES;
  const chunks = { name: '64 KB chunks', at: entries.at, quantity: BigInt(MOST_CHUNKS + count - 1) };
  const bound = requestLeaf(
    { label: `${count} events`, at: entries.at, item: 'eventbridge.custom_event', factors: [chunks] },
    context.book,
  );
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...refuseRules(context)] };
};

/** A rule that custom events may match starts what no try of this task accounts for. */
function refuseRules({ templates }: CostContext): readonly Diagnostic[] {
  return templates.resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .flatMap((rule) =>
      templates
        .variantsOf(rule, ['EventPattern', 'ScheduleExpression'])
        .map((value): Setting => ({ value, at: `${rule.address}.Properties`, source: 'template' })),
    )
    .map((properties) => settingIn(properties, 'EventPattern'))
    .filter((pattern) => isSet(pattern) && !isOfServices(settingIn(pattern, 'source')))
    .map(({ at }) =>
      unmeteredOption(at, 'may match the events that a task puts', "name sources of AWS only: ['aws.states']"),
    );
}

const isOfServices = (source: Setting): boolean =>
  (elementsOf(source) ?? []).length > 0 &&
  (elementsOf(source) ?? []).every(({ value }) => typeof value === 'string' && value.startsWith('aws.'));
