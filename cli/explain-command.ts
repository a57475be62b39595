import { resolve } from 'node:path';
import { UserError } from '../lib/errors/user-error.ts';
import { explainFeatures } from '../lib/features/explain/explain-features.ts';
import { readTrainingSetProgram } from '../local/training-set-program.ts';
import { defineCommand } from './command.ts';
import { EXIT } from './exit-code.ts';
import { renderExplanation } from './feature-explanation-text.ts';
import { synthesizeProject } from './synthesize-project.ts';

export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'explain features: of which rows each is, how it is computed, and the passes over the data',
  positionals: 'features',
  options: {
    app: { kind: 'value', value: 'DIR', summary: 'a synthesized app (cdk.out); default: synthesize this project' },
    json: { kind: 'flag', summary: 'as JSON' },
  },
  details: [
    'What is explained is read from the synthesized app, so it is what gets deployed. t is the time of a label; a row',
    'of a view counts from when it is known until it leaves the window. A shape is how the kernel computes an aggregate,',
    'days are the days of the source that one day of labels reaches.',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const [what, ...others] = positionals;
    if (what !== 'features' || others.length > 0) throw usage(positionals);
    const folder =
      options.app === undefined ? await synthesizeProject(directory, terminal) : resolve(directory, options.app);
    const explanation = explainFeatures(await readTrainingSetProgram(folder));
    terminal.write(
      options.json
        ? `${JSON.stringify({ version: 1, ...explanation }, undefined, 2)}\n`
        : `${renderExplanation(explanation)}\n`,
    );
    return EXIT.yes;
  },
});

const usage = (words: readonly string[]): UserError =>
  new UserError({
    code: 'usage',
    message:
      words.length === 0
        ? 'explain does not say what'
        : `explain does not take ${words.map((word) => JSON.stringify(word)).join(' ')}`,
    resolution: 'write hundredfold explain features',
  });
