import { resolve } from 'node:path';
import { UserError } from '../lib/errors/user-error.ts';
import { GUARDRAIL_FORMS, type GuardrailForm, guardrailPolicy, guardrails } from '../lib/iam/guardrails.ts';
import { readGuardedPipeline } from '../local/guardrails.ts';
import { defineCommand } from './command.ts';
import { EXIT } from './exit-code.ts';
import { synthesizeProject } from './synthesize-project.ts';

export const guardrailsCommand = defineCommand({
  name: 'guardrails',
  summary: "print the policy by which an account's owner makes the bound's assumptions true",
  positionals: '',
  options: {
    for: {
      kind: 'value',
      value: GUARDRAIL_FORMS.join('|'),
      allowed: GUARDRAIL_FORMS,
      summary: 'scp: an account or unit (the default); boundary: roles of people',
    },
    app: { kind: 'value', value: 'DIR', summary: 'a synthesized app (cdk.out); default: synthesize this project' },
    json: { kind: 'flag', summary: 'the policy alone, ready to attach' },
  },
  details: [
    "The pipeline's own roles cannot redrive an execution or start a greater job. Other people's roles may: this denies it.",
    '',
    'example: hundredfold guardrails --json > guardrails.json',
    '         aws organizations create-policy --type SERVICE_CONTROL_POLICY --name hundredfold \\',
    '           --description "what the bound assumes" --content file://guardrails.json',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const [extra] = positionals;
    if (extra !== undefined) throw unexpected(extra);
    const { app, json } = options;
    const folder = app === undefined ? await synthesizeProject(directory, terminal) : resolve(directory, app);
    const guarded = await readGuardedPipeline(folder);
    const policy = JSON.stringify(guardrailPolicy(guarded, formOf(options.for)), undefined, 2);
    const reasons = guardrails(guarded).map(({ statement, assumption }) => `  ${statement.Sid}: ${assumption}`);
    const heading = `The bound of ${guarded.pipeline} assumes, until this policy is attached:`;
    terminal.write(json ? `${policy}\n` : `${[heading, ...reasons, '', policy].join('\n')}\n`);
    return EXIT.yes;
  },
});

const unexpected = (word: string): UserError =>
  new UserError({
    code: 'usage',
    message: `guardrails takes no ${JSON.stringify(word)}`,
    resolution: 'name an assembly with --app DIR',
  });

/** The option was checked against the forms when it was read. */
const formOf = (text: string | undefined): GuardrailForm => GUARDRAIL_FORMS.find((form) => form === text) ?? 'scp';
