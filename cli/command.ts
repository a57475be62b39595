import type { ExitCode } from './exit-code.ts';
import { type OptionTable, type OptionValues, parseOptions } from './options.ts';
import { renderFields } from './table.ts';

/** Where a command writes, and how wide and how lively its reader is. */
export interface Terminal {
  /** Results, for people or as JSON. */
  readonly write: (text: string) => void;
  /** Progress and problems. */
  readonly report: (text: string) => void;
  readonly isInteractive: boolean;
  readonly columns: number;
}

/** What every command is given: the project's folder, where cdk.json lies and `.hundredfold/` is kept, and a terminal. */
export interface CommandContext {
  readonly directory: string;
  readonly terminal: Terminal;
}

export interface Invocation<Options extends OptionTable> extends CommandContext {
  readonly options: OptionValues<Options>;
  readonly positionals: readonly string[];
}

/** What a verb of the command line takes, and what it does with it. */
export interface CommandSpecification<Options extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** Positionals as usage shows them, `[show N]`. */
  readonly positionals: string;
  readonly options: Options;
  /** Longer text below the options: what happens, an example. */
  readonly details: string;
  readonly run: (invocation: Invocation<Options>) => Promise<ExitCode>;
}

/** A verb that reads its own arguments. */
export interface Command {
  readonly help: () => string;
  readonly execute: (args: readonly string[], context: CommandContext) => Promise<ExitCode>;
}

export function defineCommand<const Options extends OptionTable>(
  specification: CommandSpecification<Options>,
): Command {
  return {
    help: () => renderCommandHelp(specification),
    execute: (args, context) =>
      specification.run({ ...context, ...parseOptions(specification.name, specification.options, args) }),
  };
}

/** The page of `hundredfold COMMAND --help`. */
function renderCommandHelp(specification: Omit<CommandSpecification<OptionTable>, 'run'>): string {
  const { name, summary, positionals, options, details } = specification;
  const rows = Object.entries(options).map(([option, { kind, value, summary: meaning }]): [string, string] => [
    kind === 'flag' ? `--${option}` : `--${option} ${value ?? 'VALUE'}`,
    meaning,
  ]);
  const usage = ['usage: hundredfold', name, positionals, '[OPTIONS]'].filter((part) => part !== '').join(' ');
  return `${[summary, '', usage, '', renderFields([...rows, ['--help', 'this page']]), '', details].join('\n')}\n`;
}
