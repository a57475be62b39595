import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figure } from '../figure.ts';
import { notify, type StepOptions, step, type Workplace } from './workplace.ts';

/** Someone who answers a question: a process of its own that reads the same files and writes the same columns. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** File or folder of the answer. */
  readonly output: string;
  /** Why its rows are not those of the others; without it, they must be. */
  readonly differs?: string;
  readonly repeats?: number;
  /** It is stopped once it has taken so many times as long as an earlier one. */
  readonly stoppedAfter?: { readonly times: number; readonly contender: string };
}

/** What `checksum.py` prints. */
export interface Checksum {
  readonly rows: number;
  readonly columns: Readonly<Record<string, { readonly values: number; readonly sum: string }>>;
  readonly digest: string;
}

export interface Result {
  readonly contender: Contender;
  /** Of the whole process, the least of its repeats. */
  readonly seconds: number;
  /** From the start of its own clock, where it tells it. */
  readonly inside: number | undefined;
  readonly peakMegabytes: number;
  /** Of its answer; none where it was stopped. */
  readonly checksum: Checksum | 'stopped';
}

/** Reads every file of a question once, so that all contenders find it in memory. */
export async function warm(files: readonly string[]): Promise<void> {
  for (const file of files) await readFile(file);
}

/** Runs contenders one after the other; each answer is checked, then removed. */
export async function compete(
  place: Workplace,
  contenders: readonly Contender[],
  columns: readonly string[],
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const contender of contenders) results.push(await run(place, contender, columns, limitOf(contender, results)));
  return results;
}

function limitOf({ stoppedAfter }: Contender, results: readonly Result[]): StepOptions {
  const earlier = results.find(({ contender }) => contender.name === stoppedAfter?.contender);
  return earlier && stoppedAfter ? { limitSeconds: stoppedAfter.times * earlier.seconds } : {};
}

async function run(
  place: Workplace,
  contender: Contender,
  columns: readonly string[],
  limit: StepOptions,
): Promise<Result> {
  const { name, command, env = {}, output, repeats = 1 } = contender;
  let best: Omit<Result, 'contender' | 'checksum'> | undefined;
  let checksum: Result['checksum'] | undefined;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const { exitCode, seconds, peakMegabytes, output: told } = await step(place, name, command, { env, ...limit });
    notify(`  ${seconds.toFixed(1)} s${exitCode === 'stopped' ? ', stopped' : ''}`);
    if (best === undefined || seconds < best.seconds) best = { seconds, peakMegabytes, inside: insideSeconds(told) };
    checksum ??= exitCode === 'stopped' ? exitCode : await check(place, output, columns);
    await rm(output, { recursive: true, force: true });
    // A published set would be found and not built again.
    await rm(join(output, '../manifest.json'), { force: true });
  }
  if (best === undefined || checksum === undefined) throw new Error(`${name} was not run`);
  return { contender, checksum, ...best };
}

/** What the training-set job tells of the time from its start to its rows' end. */
function insideSeconds(told: string): number | undefined {
  const seconds = /rows written \((\d+\.\d) s\)/.exec(told)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

async function check(place: Workplace, output: string, columns: readonly string[]): Promise<Checksum> {
  const script = join(place.root, 'bench/features/checksum.py');
  const told = await step(place, 'checksum', [place.python.run, script, output, '--columns', columns.join(',')]);
  return JSON.parse(told.output) as Checksum;
}

/** A figure for each result; the first result's rows are what the others are held to. */
export function resultFigures(title: string, results: readonly Result[]): readonly Figure[] {
  const wanted = results[0]?.checksum;
  return results.map((result, index): Figure => {
    const { contender, seconds, inside, peakMegabytes, checksum } = result;
    const name = `${title}: ${contender.name}`;
    const within = inside === undefined ? '' : `, ${inside.toFixed(1)} s inside`;
    const value = `${seconds.toFixed(1)} s${within}, ${peakMegabytes.toFixed(0)} MB`;
    if (checksum === 'stopped') return { name, value: `more than ${value}, stopped` };
    if (index === 0 || wanted === undefined || wanted === 'stopped')
      return { name, value: `${value}, ${checksum.rows} rows` };
    const compared = comparison(checksum, wanted);
    if (contender.differs !== undefined)
      return { name: `${name} (${contender.differs})`, value: `${value}, ${compared}` };
    return { name, value: `${value}, ${compared}`, goal: 'same rows', met: compared === 'same rows' };
  });
}

/** How an answer compares with another: by its digest, or column by column. */
export function comparison(given: Checksum, wanted: Checksum): string {
  if (given.digest === wanted.digest) return 'same rows';
  if (given.rows !== wanted.rows) return `${given.rows} rows, not ${wanted.rows}`;
  const off = Object.entries(wanted.columns).flatMap(([name, { values, sum }]) => {
    const own = given.columns[name];
    return own?.values === values && own.sum === sum
      ? []
      : [`${name}: ${own?.values} values of sum ${own?.sum}, not ${values} of ${sum}`];
  });
  return off.length === 0 ? 'equal sums, other rows' : `${off.length} columns differ; ${off[0]}`;
}

/** How many times faster one is than the fastest of others, against a goal where there is one. */
export function faster(
  name: string,
  ours: Result | undefined,
  others: readonly Result[],
  goal?: number,
): readonly Figure[] {
  const [fastest] = others.toSorted((one, other) => one.seconds - other.seconds);
  if (ours === undefined || fastest === undefined) return [];
  const ratio = fastest.seconds / ours.seconds;
  const value = `${fastest.checksum === 'stopped' ? 'more than ' : ''}${ratio.toFixed(2)} x`;
  return [goal === undefined ? { name, value } : { name, value, goal: `>= ${goal} x`, met: ratio >= goal }];
}
