import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import flights from '../../examples/flights/pipeline.ts';
import type { Definition } from '../../lib/definition/pipeline.ts';
import { must } from '../../lib/errors/fault.ts';
import { PipelineStacks } from '../../stacks/pipeline-stacks.ts';

interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are matched, not typed
  readonly Properties: Readonly<Record<string, any>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface SynthesizedStack {
  readonly name: string;
  readonly template: { readonly Resources: Readonly<Record<string, TemplateResource>> };
}

const outputFolder = (): string => mkdtempSync(join(tmpdir(), 'hundredfold-synth-'));

/** An app that validates nothing by itself, so that many of them are quick. */
export const quietApp = (): App =>
  new App({
    outdir: outputFolder(),
    autoSynth: false,
    builtinCloudFormationValidation: false,
    analyticsReporting: false,
  });

/** The stacks of the flights example, or of another definition, in their order. */
export function synthesized(definition: Definition = flights): readonly SynthesizedStack[] {
  const app = quietApp();
  new PipelineStacks(app, definition);
  const { directory, stacks } = app.synth();
  const read = stacks.map(({ stackName, template }) => ({ name: stackName, template }));
  rmSync(directory, { recursive: true });
  return read;
}

/** Resources of one type over all stacks, by logical id. */
export function resourcesOf(
  stacks: readonly SynthesizedStack[],
  type: string,
): Readonly<Record<string, TemplateResource>> {
  const entries = stacks.flatMap(({ template }) => Object.entries(template.Resources));
  return Object.fromEntries(entries.filter(([, resource]) => resource.Type === type));
}

/** The one resource of a type whose logical id contains the text. */
export function resourceOf(stacks: readonly SynthesizedStack[], type: string, id = ''): TemplateResource {
  const found = Object.entries(resourcesOf(stacks, type)).filter(([logicalId]) => logicalId.includes(id));
  if (found.length !== 1) throw new Error(`${found.length} ${type} with ${id} in their ids`);
  return must(found[0], 'one resource')[1];
}
