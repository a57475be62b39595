import type { CostRequest } from '../lib/cost/assessment.ts';
import { ACCEPTABLE_ASSUMPTIONS, type AcceptableAssumption } from '../lib/cost/cost-context.ts';
import { costDiagnostic } from '../lib/cost/cost-diagnostic.ts';
import { EXPECTED_SPOT } from '../lib/cost/spot/expected-spot.ts';
import type { Checked, Diagnostic } from '../lib/errors/diagnostic.ts';
import { type Usd, usd } from '../lib/units/usd.ts';

/** Options of `hundredfold cost` as they were written. */
export interface CostOptions {
  readonly budget: string | undefined;
  readonly 'month-budget': string | undefined;
  readonly parameter: readonly string[];
  readonly quantity: readonly string[];
  readonly accept: readonly string[];
  readonly 'interruptions-per-hour': string | undefined;
  readonly 'spot-saving': string | undefined;
  readonly 'checkpoint-seconds': string | undefined;
  readonly 'restart-seconds': string | undefined;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly sarif: boolean;
}

export type ReviewFormat = 'text' | 'json' | 'markdown' | 'sarif';

export type CostSettings = Pick<CostRequest, 'budget' | 'parameters' | 'quantities' | 'accepted' | 'spot'>;

/** Reads every option and says everything that is wrong with them; what is wrong is left out of the settings. */
export function readCostSettings(options: CostOptions): Required<Checked<CostSettings>> {
  const diagnostics: Diagnostic[] = [];
  const read: Read = (at, check) => {
    const result = check();
    if (!('problem' in result)) return result.value;
    diagnostics.push(costDiagnostic('invalid-option', { at, message: result.problem, fix: result.fix }));
    return undefined;
  };
  const run = readUsd(read, '--budget', options.budget);
  const month = readUsd(read, '--month-budget', options['month-budget']);
  const checkpointSeconds = readNumber(read, options['checkpoint-seconds'], CHECKPOINT);
  const restartSeconds = readNumber(read, options['restart-seconds'], RESTART);
  const value: CostSettings = {
    budget: { ...(run === undefined ? {} : { run }), ...(month === undefined ? {} : { month }) },
    parameters: Object.fromEntries(readPairs(read, '--parameter', options.parameter)),
    quantities: readQuantities(read, options.quantity),
    accepted: new Set(options.accept.flatMap((name) => readAssumption(read, name))),
    spot: {
      interruptionsPerHour: readNumber(read, options['interruptions-per-hour'], INTERRUPTIONS) ?? 0,
      saving: readNumber(read, options['spot-saving'], SAVING) ?? 0,
      ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
      ...(restartSeconds === undefined ? {} : { restartSeconds }),
    },
  };
  read('--json, --markdown, --sarif', () => oneFormat(options));
  return { value, diagnostics };
}

/** The format asked for; JSON where several are, which is a problem told in it. */
export function formatOf({ json, markdown, sarif }: Pick<CostOptions, 'json' | 'markdown' | 'sarif'>): ReviewFormat {
  if (json) return 'json';
  if (sarif) return 'sarif';
  return markdown ? 'markdown' : 'text';
}

type Result<T> = { readonly value: T } | { readonly problem: string; readonly fix: string };
type Read = <T>(at: string, check: () => Result<T>) => T | undefined;

function oneFormat({ json, markdown, sarif }: CostOptions): Result<null> {
  const count = [json, markdown, sarif].filter((isGiven) => isGiven).length;
  return count <= 1 ? { value: null } : { problem: `${count} formats were asked for`, fix: 'ask for one at a time' };
}

function readUsd(read: Read, at: string, text: string | undefined): Usd | undefined {
  if (text === undefined) return undefined;
  return read(at, () =>
    /^\d+(\.\d{1,12})?$/.test(text)
      ? { value: usd(text) }
      : { problem: `is ${JSON.stringify(text)}, no amount in USD`, fix: 'write a decimal, such as 6 or 6.50' },
  );
}

interface NumberOption {
  readonly at: string;
  readonly fallback?: string;
  readonly isAllowed: (number: number) => boolean;
  readonly allowed: string;
}

const INTERRUPTIONS: NumberOption = {
  at: '--interruptions-per-hour',
  fallback: String(EXPECTED_SPOT.interruptionsPerHour),
  isAllowed: (rate) => rate >= 0 && rate <= 3_600,
  allowed: 'a number from 0 to 3600',
};
const SAVING: NumberOption = {
  at: '--spot-saving',
  fallback: String(EXPECTED_SPOT.saving),
  isAllowed: (share) => share >= 0 && share < 1,
  allowed: 'a share from 0 to below 1, such as 0.6',
};
const CHECKPOINT: NumberOption = {
  at: '--checkpoint-seconds',
  isAllowed: (seconds) => Number.isSafeInteger(seconds) && seconds > 0,
  allowed: 'whole seconds above 0',
};
const RESTART: NumberOption = {
  at: '--restart-seconds',
  isAllowed: (seconds) => Number.isSafeInteger(seconds),
  allowed: 'whole seconds',
};

const NUMBER = /^\d+(\.\d+)?$/;

function readNumber(read: Read, given: string | undefined, option: NumberOption): number | undefined {
  const text = given ?? option.fallback;
  if (text === undefined) return undefined;
  return read(option.at, () =>
    NUMBER.test(text) && option.isAllowed(Number(text))
      ? { value: Number(text) }
      : { problem: `is ${JSON.stringify(text)}`, fix: `write ${option.allowed}` },
  );
}

/** `NAME=VALUE`, each name once. */
function readPairs(read: Read, at: string, texts: readonly string[]): readonly (readonly [string, string])[] {
  const names = texts.map((text) => text.split('=', 1)[0] ?? '');
  return texts.flatMap((text, index) => {
    const pair = read(at, (): Result<readonly [string, string]> => {
      const name = names[index] ?? '';
      if (name === '' || name === text) return { problem: `is ${JSON.stringify(text)}`, fix: `write ${at} NAME=VALUE` };
      if (names.indexOf(name) < index) return { problem: `names ${name} again`, fix: 'give each name once' };
      return { value: [name, text.slice(name.length + 1)] };
    });
    return pair === undefined ? [] : [pair];
  });
}

function readQuantities(read: Read, texts: readonly string[]): Readonly<Record<string, number>> {
  const quantities = readPairs(read, '--quantity', texts).flatMap(([name, text]) => {
    const quantity = read(`--quantity ${name}`, () =>
      NUMBER.test(text) && Number.isFinite(Number(text))
        ? { value: Number(text) }
        : { problem: `is ${JSON.stringify(text)}, no number of units a month`, fix: 'write a number of at least 0' },
    );
    return quantity === undefined ? [] : [[name, quantity] as const];
  });
  return Object.fromEntries(quantities);
}

const isAcceptable = (name: string): name is AcceptableAssumption => Object.hasOwn(ACCEPTABLE_ASSUMPTIONS, name);

function readAssumption(read: Read, name: string): readonly AcceptableAssumption[] {
  const assumption = read('--accept', () =>
    isAcceptable(name)
      ? { value: name }
      : {
          problem: `${JSON.stringify(name)} is no assumption`,
          fix: `use one of ${Object.keys(ACCEPTABLE_ASSUMPTIONS).join(', ')}`,
        },
  );
  return assumption === undefined ? [] : [assumption];
}
