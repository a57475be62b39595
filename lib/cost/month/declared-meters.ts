import type { Diagnostic } from '../../errors/diagnostic.ts';
import { type Usd, usd } from '../../units/usd.ts';
import type { DeclaredMeter } from '../assessment.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { unitsPerPrice } from '../meters/request-leaf.ts';
import { findPrice, type PriceBook } from '../price-book.ts';
import type { TemplateResource, TemplateSet } from '../templates/template-set.ts';
import { type Bounded, pricedLeaf, refused, sumBounded } from '../tree/bounded.ts';
import { isUnresolved } from '../unresolved.ts';
import { stateMachinesOf } from './addressed.ts';
import { METERS_OF_USE, type MeterOfUse } from './declared-table.ts';
import { definitionsText } from './definition-text.ts';
import { MILLION, millionths, type Quantities } from './quantities.ts';

/** What the templates can incur without a limit, and the part of it that the user gave a quantity for. */
export interface DeclaredUse {
  readonly meters: readonly DeclaredMeter[];
  readonly bounded: Bounded;
}

/** The declared meters of the templates; a quantity, units a month, makes its meter a part of the month. */
export function declaredMeters(quantities: Quantities, context: CostContext): DeclaredUse {
  const definitions = definitionsText(context.templates);
  const used = METERS_OF_USE.filter((meter) => isUsed(meter, definitions, context)).map((meter) => {
    return { ...meter, items: itemsOf(meter, definitions, context) };
  });
  const read = used.map((meter) => declare(meter, quantities[meter.name], context));
  return {
    meters: read.map(({ meter }) => meter),
    bounded: sumBounded(
      'what was declared',
      'quantities',
      read.flatMap(({ bounded }) => bounded ?? []),
    ),
  };
}

interface Declared {
  readonly meter: DeclaredMeter;
  readonly bounded: Bounded | undefined;
}

function declare(
  { name, description, unit, items }: MeterOfUse,
  quantity: number | undefined,
  { book }: CostContext,
): Declared {
  const meter = { name, description, unit };
  if (quantity === undefined || !(quantity >= 0 && quantity <= 1e15)) {
    return { meter: { ...meter, quantity: quantity ?? null, usd: null }, bounded: undefined };
  }
  const at = `quantities.${name}`;
  const item = dearestItem(items, book);
  if (item === undefined) {
    return { meter: { ...meter, quantity, usd: null }, bounded: refused(name, at, [unpriced(at, name)]) };
  }
  const factors = [{ name: `millionths of a ${unit}`, at, quantity: millionths(quantity) }];
  const divisor = MILLION * unitsOf(item, book);
  const bounded = pricedLeaf({ label: `${quantity} ${unit} of ${name}`, at, item, factors, divisor }, book);
  return { meter: { ...meter, quantity, usd: bounded.diagnostics.length === 0 ? bounded.node.usd : null }, bounded };
}

const unpriced = (at: string, name: string): Diagnostic =>
  costDiagnostic('unknown-quantity', {
    at,
    message: `${name} has no price that follows from the templates`,
    fix: 'leave the quantity out',
  });

/** Rows that can be the price of a unit of a meter: what these templates use. */
function itemsOf({ name, items }: MeterOfUse, definitions: string, { templates }: CostContext): readonly string[] {
  const has = (type: string, property: string, isMeant: (value: unknown) => boolean): boolean =>
    templates.resources.some(
      (resource) =>
        resource.type === type && templates.valuesOf(resource.properties[property], resource.stack).some(isMeant),
    );
  const isSwitchedOn = (value: unknown): boolean => value !== undefined && value !== false && value !== 'false';
  const isDear = (protocol: unknown): boolean => protocol === 'sms' || isUnresolved(protocol);
  switch (name) {
    case 'upload-hours':
      return instanceItems(definitions);
    case 'sqs-requests':
      return has('AWS::SQS::Queue', 'FifoQueue', isSwitchedOn) ? ['sqs.fifo.request'] : items;
    case 'sns-publishes':
      return has('AWS::SNS::Topic', 'FifoTopic', isSwitchedOn) ? ['sns.fifo.publish'] : items;
    case 'sns-deliveries':
      return has('AWS::SNS::Subscription', 'Protocol', isDear) ? ['sns.sms'] : items;
    default:
      return items;
  }
}

/** The row whose unit costs most; one that the book has not, so that it is reported. */
function dearestItem(items: readonly string[], book: PriceBook): string | undefined {
  const missing = items.find((item) => findPrice(book, item) === undefined);
  return missing ?? items.toSorted((a, b) => (unitPrice(b, book) > unitPrice(a, book) ? 1 : -1))[0];
}

function unitPrice(item: string, book: PriceBook): Usd {
  const price = findPrice(book, item) ?? usd(0);
  return (price / unitsOf(item, book)) as Usd;
}

const unitsOf = (item: string, book: PriceBook): bigint =>
  unitsPerPrice(book.prices.find((price) => price.item === item)?.unit ?? '');

function isUsed({ types, calls, name }: MeterOfUse, definitions: string, { templates }: CostContext): boolean {
  if (name === 'trace-millions') {
    return templates.resources.some((resource) => isTraced(resource, templates));
  }
  if (name.startsWith('log-') && stateMachinesOf(templates).some((machine) => isLogged(machine, templates)))
    return true;
  return templates.resources.some(({ type }) => types.includes(type)) || (calls?.test(definitions) ?? false);
}

/** Where it is not known whether traces are recorded, they are. */
function isTraced(resource: TemplateResource, templates: TemplateSet): boolean {
  switch (resource.type) {
    case 'AWS::StepFunctions::StateMachine':
      return optionsOf(resource, 'TracingConfiguration', templates).some(({ Enabled }) => Enabled !== false);
    case 'AWS::Lambda::Function':
      return optionsOf(resource, 'TracingConfig', templates).some(({ Mode }) => Mode !== 'PassThrough');
    default:
      return false;
  }
}

/** Its log group may be outside of the templates. */
const isLogged = (machine: TemplateResource, templates: TemplateSet): boolean =>
  optionsOf(machine, 'LoggingConfiguration', templates).some(({ Level }) => Level !== 'OFF');

const optionsOf = (resource: TemplateResource, name: string, templates: TemplateSet): readonly JsonObject[] =>
  templates.variantsOf(resource, [name]).flatMap((properties) => {
    const options = properties[name];
    return isObject(options) ? [options] : [];
  });

/** Rows of the instance types that definitions name. */
const instanceItems = (definitions: string): readonly string[] => [
  ...new Set([...definitions.matchAll(/\bml\.[a-z0-9-]+\.[a-z0-9]+\b/g)].map(([type]) => `sagemaker.instance.${type}`)),
];
