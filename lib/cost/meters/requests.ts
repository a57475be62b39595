import type { Diagnostic } from '../../errors/diagnostic.ts';
import { refused, sumBounded } from '../tree/bounded.ts';
import type { Meter } from './meter.ts';
import { findNamed } from './named-resource.ts';
import { requestLeaf } from './request-leaf.ts';
import { isSet, notKnown, settingIn, unmeteredOption } from './setting.ts';

/** A call that is billed as one request, whatever it is given. */
export const boundRequest =
  (item: string): Meter =>
  (call, { book }) =>
    requestLeaf({ label: 'one request', at: `${call.at}.Resource`, item }, book);

/** A call that AWS does not bill. */
export const boundFreeCall: Meter = (call) => sumBounded('a call that is free', `${call.at}.Resource`, []);

/** Storage classes whose requests have a price in the book. Source: https://aws.amazon.com/s3/pricing (2026-11-20). */
const WRITE_PRICES: Readonly<Record<string, string>> = {
  STANDARD: 's3.put_copy_post_list',
  STANDARD_IA: 's3.standard_ia.put',
};

/** A write of an object: its price depends on the storage class; the storage itself is declared. */
export const boundObjectWrite: Meter = (call, context) => {
  const setting = settingIn(call.arguments, 'StorageClass');
  const item = WRITE_PRICES[isSet(setting) ? String(setting.value) : 'STANDARD'];
  if (item !== undefined) return boundRequest(item)(call, context);
  const refusal = unmeteredOption(setting.at, 'has prices that no meter covers', 'set STANDARD or STANDARD_IA');
  return refused('S3 request', setting.at, [notKnown(setting, 'set STANDARD or STANDARD_IA') ?? refusal]);
};

/** A model package is free, but its validation runs transform jobs. Source: SageMaker API, CreateModelPackage (2026-11-20). */
export const boundModelPackage: Meter = (call, context) => {
  const validation = settingIn(call.arguments, 'ValidationSpecification');
  if (!isSet(validation)) return boundFreeCall(call, context);
  const refusal = unmeteredOption(validation.at, 'runs transform jobs', 'leave it out');
  return refused('model package', validation.at, [notKnown(validation, 'leave it out') ?? refusal]);
};

const PARAMETER = { types: ['AWS::SSM::Parameter'], nameProperty: 'Name' };

/** Standard parameters are read for free, at standard throughput. Source: https://aws.amazon.com/systems-manager/pricing (2026-11-20). */
export const boundParameter: Meter = (call, context) => {
  const name = settingIn(call.arguments, 'Name');
  const { value: parameter, diagnostics } = findNamed(name, PARAMETER, context);
  if (parameter === undefined) return refused('parameter', name.at, diagnostics);
  const refusals = context.templates.variantsOf(parameter, ['Tier']).flatMap((value): readonly Diagnostic[] => {
    const tier = settingIn({ value, at: `${parameter.address}.Properties`, source: 'template' }, 'Tier');
    if (!isSet(tier) || tier.value === 'Standard') return [];
    return [notKnown(tier, 'set Standard') ?? unmeteredOption(tier.at, 'is billed for each read', 'set Standard')];
  });
  return refused('a read of a standard parameter, which is free', name.at, refusals);
};
