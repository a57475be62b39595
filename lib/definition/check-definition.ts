import type { Checked } from '../errors/diagnostic.ts';
import { seconds } from '../units/duration.ts';
import { checkFeatures } from './checks/feature-checks.ts';
import { checkLabel } from './checks/label-checks.ts';
import { checkBudget, checkEvaluation, checkGate, checkGlue, checkSchedule } from './checks/limit-checks.ts';
import { checkOptions } from './checks/option-checks.ts';
import { type Problems, problem, shown, unless } from './checks/problem.ts';
import {
  checkDistinct,
  checkDuration,
  checkMember,
  checkPipelineName,
  LONGEST_LENGTH,
} from './checks/quantity-checks.ts';
import { checkSource } from './checks/source-checks.ts';
import { checkSplit } from './checks/split-checks.ts';
import { checkTraining } from './checks/training-checks.ts';
import type { Definition } from './pipeline.ts';
import { sourcesOf } from './sources.ts';

/** What lies outside of a definition and bounds it. */
export interface DefinitionLimits {
  /** Regions whose prices are known. */
  readonly regions: readonly string[];
}

/** Regions with a price book in `data/prices`. */
export const PRICED_REGIONS: readonly string[] = ['us-east-1'];

/**
 * Everything that is wrong with a definition, at once: each problem with its path, the value, what is allowed and the
 * fix. What the types refuse at compile time is refused here for those who write without them.
 */
export function checkDefinition(
  definition: Definition,
  limits: DefinitionLimits = { regions: PRICED_REGIONS },
): Checked<Definition> {
  const diagnostics = isPipeline(definition) ? checkPipeline(definition, limits) : notAPipeline(definition);
  return diagnostics.some(({ severity }) => severity === 'error')
    ? { diagnostics }
    : { value: definition, diagnostics };
}

function isPipeline(definition: unknown): boolean {
  return (
    typeof definition === 'object' && definition !== null && 'kind' in definition && definition.kind === 'pipeline'
  );
}

function notAPipeline(definition: unknown): Problems {
  return problem('default', {
    code: 'not-a-pipeline',
    message: `the definition is ${shown(definition)}`,
    fix: "export default pipeline('name', { … })",
  });
}

function checkPipeline(definition: Definition, { regions }: DefinitionLimits): Problems {
  const { name, history, region } = definition;
  return [
    ...checkPipelineName('name', name),
    ...checkOptions(definition),
    ...checkSources(definition),
    ...section('label', definition.label, checkLabel),
    ...section('features', definition.features, () => checkFeatures(definition)),
    ...checkDuration('history', history, { min: seconds(1), max: LONGEST_LENGTH, step: seconds(1) }),
    ...section('split', definition.split, (split) => checkSplit(split, definition.label?.source?.columns ?? {})),
    ...section('train', definition.train, checkTraining),
    ...section('gates', definition.gates, (gates) =>
      gates.flatMap((gate, index) => checkGate(`gates[${index}]`, gate)),
    ),
    ...section('schedule', definition.schedule, checkSchedule),
    ...section('glue', definition.glue, checkGlue),
    ...section('evaluate', definition.evaluate, checkEvaluation),
    ...section('bounds', definition.bounds, () => checkBudget(definition)),
    ...checkMember('region', region, regions),
  ];
}

/** Checks a part that is there; the types make sure that it is, where they are used. */
function section<T>(at: string, part: T | undefined, check: (part: T) => Problems): Problems {
  if (typeof part === 'object' && part !== null) return check(part);
  return problem(at, { code: 'missing', message: `the pipeline has no ${at}`, fix: `give ${at} to pipeline(…)` });
}

/** The sources of a pipeline on their own and beside each other: the label's, and those of its features. */
function checkSources({ label, features }: Definition): Problems {
  const sources = sourcesOf(label, features);
  return [
    ...sources.flatMap(checkSource),
    ...checkDistinct(sources.map(({ name }) => ({ at: `sources.${name}.name`, value: name }))),
    ...unless(label?.source?.kind !== 'static-table', 'label', {
      code: 'not-allowed',
      message: `the label is of the static table ${label?.source?.name}, whose rows have no times`,
      fix: 'take the label from a source of events',
    }),
  ];
}
