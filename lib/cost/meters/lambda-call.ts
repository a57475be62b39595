import type { CostContext } from '../cost-context.ts';
import { type Bounded, refused } from '../tree/bounded.ts';
import { times } from '../tree/cost-node.ts';
import { boundInvocation } from './invocation.ts';
import { findFunction, findQualified, functionsNamed, type NamedFunction } from './lambda-function.ts';
import { readChoice, readLimit } from './limit.ts';
import type { Meter } from './meter.ts';
import { isSet, type Setting, settingIn, unmeteredOption } from './setting.ts';

/** Retries of an asynchronous invocation. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html (2026-11-20). */
const ASYNCHRONOUS_RETRIES = 2;

const INVOKE_CONFIG = 'AWS::Lambda::EventInvokeConfig';

/** `lambda:invoke`: once, or as often as Lambda itself retries an asynchronous invocation. */
export const boundLambdaInvoke: Meter = (call, context) => {
  const name = settingIn(call.arguments, 'FunctionName');
  const { value: named, diagnostics } = findFunction(name, context);
  if (named === undefined) return refused('Lambda invocation', name.at, diagnostics);
  const qualifier = settingIn(call.arguments, 'Qualifier');
  const qualified = isSet(qualifier)
    ? findQualified(named.resource, qualifier, context)
    : { value: named, diagnostics: [] };
  const type = readChoice(settingIn(call.arguments, 'InvocationType'), 'RequestResponse or Event');
  const isDirect = type.value === undefined || type.value === 'RequestResponse' || type.value === 'DryRun';
  const bound = isDirect
    ? boundInvocation(named.resource, context)
    : boundAsynchronousInvocation(qualified.value ?? named, context);
  const own = [...diagnostics, ...qualified.diagnostics, ...type.diagnostics];
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...own] };
};

/** The most that one asynchronous invocation can cost, with the retries of Lambda itself. */
export function boundAsynchronousInvocation(named: NamedFunction, context: CostContext): Bounded {
  const once = boundInvocation(named.resource, context);
  const configs = context.templates.resources
    .filter(({ type }) => type === INVOKE_CONFIG)
    .flatMap((config) =>
      context.templates
        .variantsOf(config, ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'DestinationConfig'])
        .map((value): Setting => ({ value, at: `${config.address}.Properties`, source: 'template' })),
    )
    .filter((config) => isOf(config, named, context));
  const retries = configs.filter(isUnqualified).map((config) =>
    readLimit(settingIn(config, 'MaximumRetryAttempts'), {
      expected: 'a literal number from 0 to 2',
      least: 0,
      most: ASYNCHRONOUS_RETRIES,
      standard: ASYNCHRONOUS_RETRIES,
    }),
  );
  const [limit] = named.qualifier === undefined ? retries.toSorted((a, b) => b.value - a.value) : [];
  const tries = 1 + (limit?.value ?? ASYNCHRONOUS_RETRIES);
  const at = limit?.at ?? named.resource.address;
  const diagnostics = [
    ...once.diagnostics,
    ...retries.flatMap((each) => each.diagnostics),
    ...refuseDestinations(named, configs),
  ];
  return { node: times(`${tries} tries of an asynchronous invocation`, at, tries, once.node), diagnostics };
}

function isOf(config: Setting, { resource }: NamedFunction, context: CostContext): boolean {
  return functionsNamed(settingIn(config, 'FunctionName').value, context).includes(resource);
}

const isUnqualified = (config: Setting): boolean => settingIn(config, 'Qualifier').value === '$LATEST';

/** What is sent on after the last try costs what no meter of an invocation covers. */
function refuseDestinations({ resource }: NamedFunction, configs: readonly Setting[]) {
  const properties: Setting = { value: resource.properties, at: `${resource.address}.Properties`, source: 'template' };
  return [settingIn(properties, 'DeadLetterConfig'), ...configs.map((config) => settingIn(config, 'DestinationConfig'))]
    .filter(isSet)
    .map(({ at }) => unmeteredOption(at, 'sends every failed invocation on', 'leave it out'));
}
