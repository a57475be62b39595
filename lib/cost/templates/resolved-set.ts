import type { Checked, Diagnostic } from '../../errors/diagnostic.ts';
import { must } from '../../errors/fault.ts';
import type { JsonObject } from '../json-object.ts';
import type { App } from './app.ts';
import type { Choose } from './choices.ts';
import type { Evaluation } from './evaluation.ts';
import { readDefinition } from './read-definition.ts';
import { settle } from './settle.ts';
import type { Stack } from './stack.ts';
import { TemplateEvaluation } from './template-evaluation.ts';
import type { MachineDefinition, TemplateResource, TemplateSet } from './template-set.ts';
import { everyVariant } from './variants.ts';

/** The stacks of an app as what they resolve to; answers are remembered, and what was `reported` is not said again. */
export function resolvedSet(app: App, reported: readonly Diagnostic[]): TemplateSet {
  const isCreated = remembered(
    ({ stack, condition }: TemplateResource) => `${stack}/${condition ?? ''}`,
    (resource) => canBeCreated(resource, app),
  );
  const resources = [...app.stacks.values()].flatMap((stack) => [...stack.resources.values()].filter(isCreated));
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const variants = remembered(
    ([resource, names]: readonly [TemplateResource, readonly string[]]) => [resource.address, ...names].join('\n'),
    ([resource, names]) => variantsOf(resource, names, app),
  );
  return {
    resources,
    find: (address) => byAddress.get(address),
    variantsOf: (resource, names) => variants([resource, names]),
    valuesOf: (value, stack) =>
      everyVariant((choose) => {
        const evaluation = evaluationIn(stack, app, choose);
        return settle(evaluation.resolve(value), evaluation);
      }),
    definitionsOf: remembered(
      ({ address }) => address,
      (machine) => definitionsOf(machine, app, reported),
    ),
  };
}

/** The same answer to the same question, by its key. */
function remembered<Question, Answer>(
  keyOf: (question: Question) => string,
  answer: (question: Question) => Answer,
): (question: Question) => Answer {
  const answers = new Map<string, Answer>();
  return (question) => {
    const key = keyOf(question);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const found = answer(question);
    answers.set(key, found);
    return found;
  };
}

const stackOf = (name: string, app: App): Stack => must(app.stacks.get(name), `a stack called ${name}`);

const evaluationIn = (stack: string, app: App, choose: Choose): Evaluation =>
  new TemplateEvaluation(app, stackOf(stack, app), choose);

const isExcluded = ({ condition }: TemplateResource, evaluation: Evaluation): boolean =>
  condition !== undefined && evaluation.isTrue(condition) === false;

function canBeCreated(resource: TemplateResource, app: App): boolean {
  if (resource.condition === undefined) return true;
  const isExcludedIn = (choose: Choose) => isExcluded(resource, evaluationIn(resource.stack, app, choose));
  return everyVariant(isExcludedIn).includes(false);
}

/** Every result of an evaluation in which the resource is created. */
function everyVariantOf<T>(resource: TemplateResource, app: App, evaluate: (evaluation: Evaluation) => T) {
  const results = everyVariant((choose) => {
    const evaluation = evaluationIn(resource.stack, app, choose);
    return isExcluded(resource, evaluation) ? null : { result: evaluate(evaluation) };
  });
  return results.flatMap((variant) => (variant === null ? [] : [variant.result]));
}

function variantsOf(resource: TemplateResource, names: readonly string[], app: App): readonly JsonObject[] {
  const { properties } = resource;
  const written = names.filter((name) => Object.hasOwn(properties, name));
  return everyVariantOf(resource, app, (evaluation): JsonObject => {
    const values = written.map((name) => [name, settle(evaluation.resolve(properties[name]), evaluation)] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  });
}

function definitionsOf(
  machine: TemplateResource,
  app: App,
  reported: readonly Diagnostic[],
): Checked<readonly MachineDefinition[]> {
  const read = everyVariantOf(machine, app, (evaluation) => readDefinition(machine, evaluation));
  const value = read.flatMap((definition) => definition.value ?? []);
  const isReported = ({ at }: Diagnostic): boolean =>
    at !== `${machine.address}.Properties` && reported.some((problem) => isWithin(problem.at, at));
  const problems = read.flatMap(({ diagnostics }) => diagnostics).filter((problem) => !isReported(problem));
  const keyOf = ({ at, message }: Diagnostic): string => `${at} ${message}`;
  const diagnostics = [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
  return value.length === 0 ? { diagnostics } : { value, diagnostics };
}

/** Whether a path is another one, or leads into it. */
const isWithin = (path: string, outer: string): boolean =>
  path.startsWith(outer) && ['', '.', '['].includes(path.charAt(outer.length));
