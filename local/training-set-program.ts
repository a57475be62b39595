import { readFile } from 'node:fs/promises';
import type { TrainingSetProgram } from '../lib/contracts/job-program.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { readAssembly } from './assembly/read-assembly.ts';
import { isObject } from './cloudformation/template.ts';

const VERSION = 3;

/**
 * The program of the training-set job in a synthesized app, as it would be deployed.
 * @throws UserError unreadable-assembly, invalid-input, no-pipeline
 */
export async function readTrainingSetProgram(assemblyFolder: string): Promise<TrainingSetProgram> {
  const { assets } = await readAssembly(assemblyFolder);
  const files = assets.filter(({ packaging, path }) => packaging === 'file' && path.endsWith('.json'));
  const documents = await Promise.all(files.map(async ({ path }) => parsed(await readFile(path, 'utf8'))));
  const programs = documents.filter(isTrainingSetProgram);
  const [program] = programs;
  if (program !== undefined && programs.length === 1) return program;
  throw new UserError({
    code: 'no-pipeline',
    message: `the app has ${programs.length} training-set programs of version ${VERSION}`,
    resolution: 'give the app the stacks of exactly one pipeline, synthesized with this release',
  });
}

/** An asset may have the name of a JSON file and be none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The renderer of this release writes whole programs, so kind and version say what it is. */
const isTrainingSetProgram = (document: unknown): document is TrainingSetProgram =>
  isObject(document) && document['kind'] === 'training-set' && document['version'] === VERSION;
