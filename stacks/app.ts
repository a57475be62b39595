import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { checkSecurity } from '../lib/constructs/security-checks.ts';
import type { Definition } from '../lib/definition/pipeline.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { PipelineStacks } from './pipeline-stacks.ts';
import { sourceRevision } from './source-revision.ts';

/** Module of the pipeline where the context names none. */
const DEFAULT_MODULE = 'pipeline.ts';

/**
 * The CDK app of one pipeline: the module that the context `pipeline` names, or ./pipeline.ts. What the caller can
 * put right is printed with the fix; the exit code is then 1.
 */
export async function synthesizeApp(folder: string): Promise<void> {
  try {
    const app = new App();
    const context: unknown = app.node.tryGetContext('pipeline');
    const module = typeof context === 'string' ? context : DEFAULT_MODULE;
    const definition = await loadDefinition(resolve(folder, module), module);
    new PipelineStacks(app, definition, { revision: sourceRevision(folder) });
    checkSecurity(app);
    app.synth();
  } catch (error) {
    process.exitCode = 1;
    if (isFailedValidation(error)) return;
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`error: ${error.message}\n  fix: ${error.resolution}\n`);
  }
}

/** An app that a validation refuses has said why before it throws. */
const isFailedValidation = (error: unknown): boolean => error instanceof Error && error.name === 'ValidationFailed';

async function loadDefinition(path: string, module: string): Promise<Definition> {
  const loaded: unknown = await importModule(path, module);
  const definition: unknown = Object(loaded).default;
  if (Object(definition).kind === 'pipeline') return definition as Definition;
  throw new UserError({
    code: 'no-pipeline',
    message: `${module} exports no pipeline as its default`,
    resolution: "end it with export default pipeline('name', { … })",
  });
}

async function importModule(path: string, module: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new UserError({
      code: 'no-pipeline',
      message: `${module} cannot be loaded: ${error.message}`,
      resolution: 'name the module with --context pipeline=path/to/pipeline.ts',
      cause: error,
    });
  }
}
