import { COMMANDS } from './commands.ts';
import { renderFields } from './table.ts';

/** The page of `hundredfold --help`. */
export function renderHelp(): string {
  return [
    'hundredfold: from a CSV on one laptop to a hundred times the data on AWS',
    '',
    'usage: hundredfold COMMAND [OPTIONS]',
    '',
    renderFields(COMMANDS.map(({ name, summary }) => [name, summary])),
    '',
    'hundredfold COMMAND --help tells what a command takes; every command has --json.',
    'exit codes: 0 yes, 1 you can fix it, 2 our fault, 3 the answer is no (run failed or refused, over budget)',
    '',
  ].join('\n');
}
