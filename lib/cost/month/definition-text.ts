import { isObject, type JsonObject, objectIn } from '../json-object.ts';
import type { TemplateSet } from '../templates/template-set.ts';
import { stateMachinesOf } from './addressed.ts';

/**
 * What the definitions of all state machines do, as a text to look for calls in: each kind of call once, those that run
 * jobs with all of their arguments. A definition of ten thousand states says little more than its kinds of calls.
 */
export function definitionsText(templates: TemplateSet): string {
  const texts = new Set<string>();
  for (const machine of stateMachinesOf(templates)) {
    for (const { json } of templates.definitionsOf(machine).value ?? []) addScope(json, texts);
  }
  return [...texts].join('\n');
}

function addScope(scope: unknown, texts: Set<string>): void {
  if (!isObject(scope)) return;
  for (const state of Object.values(objectIn(scope, 'States'))) if (isObject(state)) addState(state, texts);
}

/** Calls whose arguments name instances. */
const OF_INSTANCES = /sagemaker/;

function addState(state: JsonObject, texts: Set<string>): void {
  const { Resource: resource, Branches: branches } = state;
  if (typeof resource === 'string') texts.add(OF_INSTANCES.test(resource) ? JSON.stringify(state) : resource);
  for (const field of ['ItemReader', 'ResultWriter']) {
    if (state[field] !== undefined) texts.add(JSON.stringify({ [field]: state[field] }));
  }
  for (const field of ['ItemProcessor', 'Iterator']) addScope(state[field], texts);
  if (Array.isArray(branches)) for (const branch of branches) addScope(branch, texts);
}
