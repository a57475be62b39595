import { formatUsd, usd } from '../lib/units/usd.ts';
import type { RunHost, RunMessage } from '../local/host.ts';
import type { Terminal } from './command.ts';
import { formatSeconds } from './table.ts';

/** States that do something; the others decide, in no time. */
const SHOWN = new Set(['Task', 'Map']);
const NAME_WIDTH = 26;
const REDRAW_MILLISECONDS = 120;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

interface RunningState {
  readonly name: string;
  readonly enteredAt: number;
}

/**
 * Shows a run as it goes on: a line for each state that has ended, and on a terminal, below them, what is underway.
 * Without a terminal only the ended states are written, so that a log stays short.
 */
export class LiveView implements RunHost {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #running = new Map<string, RunningState>();
  readonly #progress = new Map<string, string>();
  #lastProgress = '';
  #drawn = 0;
  #frame = 0;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
    this.#timer = terminal.isInteractive ? setInterval(() => this.#redraw(), REDRAW_MILLISECONDS) : undefined;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#running.clear();
    this.#progress.clear();
    this.#redraw();
  }

  /** Says something that is no news of the run. */
  tell(text: string): void {
    this.#say(text);
  }

  readonly notify = (message: RunMessage): void => {
    switch (message.kind) {
      case 'environment-progress':
        this.#say(message.line);
        return;
      case 'synthesis-started':
        this.#enter('synthesis', 'Synthesize');
        return;
      case 'synthesis-ended':
        this.#end('synthesis', '✓', 'Synthesize', `${formatSeconds(message.seconds)}`);
        return;
      case 'synthesis-skipped':
        this.#say(line('·', 'Synthesize', 'unchanged'));
        return;
      case 'lost-run-ended':
        this.#say(`· run ${message.execution} was cut off; what it had published is used`);
        return;
      case 'run-started':
        this.#say(
          `\nrun ${message.execution}: ${message.pipeline}, slot ${message.slot}, engine ${message.engine}; ` +
            `on AWS ${formatUsd(usd(message.boundUsd))} at most`,
        );
        return;
      case 'run-ended':
        this.#say('');
        return;
      default:
        this.#notifyWork(message);
        return;
    }
  };

  #notifyWork(
    message: Extract<
      RunMessage,
      { kind: 'state-entered' | 'state-succeeded' | 'state-failed' | 'job-started' | 'job-progress' | 'job-ended' }
    >,
  ): void {
    switch (message.kind) {
      case 'state-entered':
        if (SHOWN.has(message.type)) this.#enter(keyOf(message), nameOf(message));
        return;
      case 'state-succeeded':
        if (SHOWN.has(message.type)) this.#succeed(message);
        return;
      case 'state-failed':
        this.#fail(message);
        return;
      case 'job-progress':
        this.#progress.set(message.job, message.line);
        this.#lastProgress = message.line;
        return;
      case 'job-started':
      case 'job-ended':
        this.#progress.delete(message.job);
        return;
    }
  }

  #enter(key: string, name: string): void {
    this.#running.set(key, { name, enteredAt: this.#now() });
    this.#lastProgress = '';
  }

  #succeed(message: Extract<RunMessage, { kind: 'state-succeeded' }>): void {
    const detail = [formatSeconds(message.seconds).padStart(11), this.#lastLineOf(message)].join('  ').trimEnd();
    this.#end(keyOf(message), '✓', nameOf(message), detail);
  }

  /** What the state's own job said last; which of several jobs is a Map item's own is not known here. */
  #lastLineOf({ path, type }: Extract<RunMessage, { kind: 'state-succeeded' }>): string {
    return path.length === 0 && type !== 'Map' ? this.#lastProgress : '';
  }

  #end(key: string, mark: string, name: string, detail: string): void {
    this.#running.delete(key);
    this.#say(line(mark, name, detail));
  }

  #fail(message: Extract<RunMessage, { kind: 'state-failed' }>): void {
    const { error, reason, retryInSeconds } = message;
    const next = retryInSeconds === null ? '' : `, tried again in ${formatSeconds(retryInSeconds)}`;
    if (retryInSeconds === null) this.#running.delete(keyOf(message));
    this.#say(`${line('✗', nameOf(message), `${error}${next}`)}\n${indent(reason)}`.trimEnd());
  }

  #say(text: string): void {
    this.#erase();
    this.#terminal.report(`${text}\n`);
    this.#draw();
  }

  #redraw(): void {
    this.#frame += 1;
    this.#erase();
    this.#draw();
  }

  #erase(): void {
    if (this.#drawn > 0) this.#terminal.report(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }

  #draw(): void {
    if (!this.#terminal.isInteractive) return;
    const lines = [...this.#running.values()].map(({ name, enteredAt }) =>
      line(
        FRAMES[this.#frame % FRAMES.length] ?? '',
        name,
        formatSeconds((this.#now() - enteredAt) / 1_000).padStart(11),
      ),
    );
    const progress = [...this.#progress.values()].map((text) => `    ${text}`);
    const visible = [...lines, ...progress].map((text) => text.slice(0, this.#terminal.columns - 1));
    if (visible.length > 0) this.#terminal.report(`${visible.join('\n')}\n`);
    this.#drawn = visible.length;
  }
}

type AtState = { readonly state: string; readonly path: readonly number[] };

const keyOf = ({ state, path }: AtState): string => [...path, state].join('/');

/** Iterations are indented below their Map. */
function nameOf({ state, path }: AtState): string {
  return path.length === 0 ? state : `  ${state} ${path.join('.')}`;
}

const line = (mark: string, name: string, detail: string): string =>
  `${mark} ${name.padEnd(NAME_WIDTH)}  ${detail}`.trimEnd();

const indent = (text: string): string =>
  text
    .split('\n')
    .map((each) => `    ${each}`)
    .join('\n');
