import type { Checked } from '../../errors/diagnostic.ts';
import { GivenApp } from './given-app.ts';
import { GivenParameters } from './given-parameters.ts';
import { inspectApp } from './inspect-app.ts';
import { Problems } from './problems.ts';
import { readStack } from './read-stack.ts';
import { resolvedSet } from './resolved-set.ts';
import type { Stack } from './stack.ts';
import type { StackTemplate, TemplateSet } from './template-set.ts';

export interface TemplateOptions {
  /** In which the stacks are deployed. */
  readonly region: string;
  /** Values of template parameters, by name or `stack/name`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Reads the templates of an app: all that CloudFormation would not accept is reported at once, whether cost depends on
 * it or not. There is a value beside errors too, so that what else is wrong can still be found: values that could not
 * be read are `Unresolved` in it, decided by `input`, and need no report of their own.
 */
export function readTemplates(stacks: readonly StackTemplate[], options: TemplateOptions): Checked<TemplateSet> {
  const problems = new Problems();
  const parameters = new GivenParameters(options.parameters);
  const known = new Map<string, Stack>();
  for (const given of stacks) {
    const stack = readStack(given, (name, parameter) => parameters.valueOf(name, parameter), problems);
    if (stack === undefined) continue;
    if (known.has(stack.name)) problems.malformed(stack.name, 'is the name of several stacks', 'give each stack once');
    known.set(stack.name, stack);
  }
  parameters.reportUnknown(problems);
  const app = new GivenApp([...known.values()], options.region);
  inspectApp(app, problems);
  const diagnostics = problems.all;
  return { value: resolvedSet(app, diagnostics), diagnostics };
}
