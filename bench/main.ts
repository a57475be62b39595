import { resolve } from 'node:path';
import { renderTable } from '../cli/table.ts';
import { benchCost } from './cost.ts';
import { benchEndToEnd } from './end-to-end.ts';
import type { Figure } from './figure.ts';
import { benchInterpreter } from './interpreter.ts';
import { benchStartUp } from './start-up.ts';

const root = resolve(import.meta.dirname, '..');

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  interpreter: benchInterpreter,
  'start-up': () => benchStartUp(root),
  cost: () => benchCost(root),
  'end-to-end': () => benchEndToEnd(root),
};

/**
 * `npm run bench [-- start-up cost]`: figures as a table, of the named benchmarks or of all; ratios are measured in one
 * run. Exit code 1 where a goal is missed.
 */
const named = process.argv.slice(2);
const unknown = named.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0)
  throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (named.length === 0 || named.includes(name)) figures.push(...(await bench()));
}
const verdict = ({ met }: Figure): string => (met === undefined ? '' : met ? 'met' : 'missed');
const rows = figures.map((figure) => [figure.name, figure.value, figure.goal ?? '', verdict(figure)]);
process.stdout.write(
  `${renderTable([['figure', 'value', 'goal', ''], ...rows], ['left', 'right', 'right', 'left'])}\n`,
);
process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
