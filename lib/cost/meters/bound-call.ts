import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { JsonObject } from '../json-object.ts';
import { type Bounded, refused } from '../tree/bounded.ts';
import type { Unresolved } from '../unresolved.ts';
import { boundInvocation } from './invocation.ts';
import { findFunction } from './lambda-function.ts';
import { dearestOf, type MeteredCall } from './meter.ts';
import { METERS } from './meters.ts';
import type { CallBound, TaskCall } from './task-call.ts';
import { readTaskResource } from './task-resource.ts';

/** Calls that have no limit of time in any of their arguments, and what to use instead. */
const WITHOUT_LIMIT: Readonly<Record<string, string>> = {
  'sagemaker:createTransformJob': 'use a processing job, which has a StoppingCondition',
  'glue:startCrawler': 'use a Glue job, which has a Timeout',
};

/**
 * The most that one try of a task can cost, without the transition of its state: the dearest of what it can be called
 * with. What has no meter is refused by its name; nothing that a task's own TimeoutSeconds ends is thereby bounded.
 */
export const boundCall: CallBound = (call, context) => {
  const bounds = call.arguments.map((variant) => boundVariant(call, variant, context));
  const { node, diagnostics } = dearestOf(bounds);
  return { node, diagnostics: withoutRepetition(diagnostics) };
};

function boundVariant(call: TaskCall, value: JsonObject | Unresolved, context: CostContext): Bounded {
  const resource = readTaskResource(call.resource);
  const at = `${call.at}.Resource`;
  switch (resource.kind) {
    case 'call': {
      const key = `${resource.service}:${resource.name}`;
      const metered: MeteredCall = {
        at: call.at,
        arguments: { value, at: call.argumentsAt, source: 'task' },
        retries: call.retries,
      };
      const meter = Object.hasOwn(METERS, key) ? METERS[key] : undefined;
      return meter === undefined ? refused(key, at, [refuseCall(key, at)]) : meter(metered, context);
    }
    case 'function':
      return boundFunction(call.resource, at, context);
    case 'activity': {
      const message = 'is an activity: its workers are outside of the templates';
      return refuse(at, message, 'let a function or a job of the templates do the work');
    }
    case 'unknown':
      return refuse(at, `${call.resource} is no call that is known`, `use ${knownCalls(call.resource)}`);
  }
}

function boundFunction(value: string, at: string, context: CostContext): Bounded {
  const { value: named, diagnostics } = findFunction({ value, at, source: 'task' }, context);
  if (named === undefined) return refused('Lambda invocation', at, diagnostics);
  const bound = boundInvocation(named.resource, context);
  return { node: bound.node, diagnostics: [...diagnostics, ...bound.diagnostics] };
}

function refuseCall(key: string, at: string): Diagnostic {
  const instead = WITHOUT_LIMIT[key];
  if (instead !== undefined) {
    return costDiagnostic('missing-limit', { at, message: `${key} has no limit of its run time`, fix: instead });
  }
  return costDiagnostic('unmetered-call', { at, message: `${key} has no meter`, fix: `use ${knownCalls(key)}` });
}

const refuse = (at: string, message: string, fix: string): Bounded =>
  refused('task', at, [costDiagnostic('unmetered-call', { at, message, fix })]);

/** The calls of the same service that have a meter, or the services that have any. */
function knownCalls(key: string): string {
  const service = key.slice(0, key.indexOf(':') + 1);
  const calls = Object.keys(METERS).filter((known) => known.startsWith(service));
  const services = [...new Set(Object.keys(METERS).map((known) => known.slice(0, known.indexOf(':'))))];
  return calls.length > 0 ? `one of ${calls.join(', ')}` : `a call of ${services.join(', ')}`;
}

/** Variants of the same arguments have mostly the same problems. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics;
  const known = new Map(
    diagnostics.map((diagnostic) => [`${diagnostic.code} ${diagnostic.at} ${diagnostic.message}`, diagnostic]),
  );
  return [...known.values()];
}
