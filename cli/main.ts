import { UserError } from '../lib/errors/user-error.ts';
import type { Terminal } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { renderHelp } from './help.ts';

const terminal: Terminal = {
  write: (text) => void process.stdout.write(text),
  report: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true && process.env['CI'] === undefined,
  columns: process.stderr.columns ?? 100,
};

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.write(renderHelp());
    return EXIT.yes;
  }
  const entry = COMMANDS.find((command) => command.name === name);
  if (entry === undefined) {
    throw new UserError({
      code: 'unknown-command',
      message: `${JSON.stringify(name)} is no command`,
      resolution: `use one of ${COMMANDS.map((command) => command.name).join(', ')}, or hundredfold --help`,
    });
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.write(command.help());
    return EXIT.yes;
  }
  return command.execute(rest, { directory: process.cwd(), terminal });
}

/** The one place where exceptions end: what the user can fix is told calmly, what is our fault in full. */
function explain(error: unknown): ExitCode {
  if (error instanceof UserError) {
    terminal.report(`error: ${error.message}\n  fix: ${error.resolution}\n`);
    return EXIT.userError;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.report(`fault: this should not have happened, please report it\n${detail}\n`);
  return EXIT.fault;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
}
