import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../cli/table.ts';
import { benchCost } from './cost.ts';
import { benchEndToEnd } from './end-to-end.ts';
import { benchFeatures, FEATURE_PARTS } from './features.ts';
import type { Figure } from './figure.ts';
import { benchInterpreter } from './interpreter.ts';
import { benchStartUp } from './start-up.ts';

const root = resolve(import.meta.dirname, '..');

const { values: given, positionals: named } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean', default: false }, scales: { type: 'string', default: '1,10,100' } },
});
const scales = given.scales.split(',').map(Number);
if (!scales.every((scale) => Number.isInteger(scale) && scale >= 1 && scale <= 100))
  throw new Error(`--scales ${given.scales} is no list of whole numbers from 1 to 100`);

const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  interpreter: benchInterpreter,
  'start-up': () => benchStartUp(root),
  cost: () => benchCost(root),
  'end-to-end': () => benchEndToEnd(root),
  ...Object.fromEntries(
    FEATURE_PARTS.map((part) => [`features:${part}`, () => benchFeatures(root, part, { small: given.small, scales })]),
  ),
};

/**
 * `npm run bench [-- start-up features:windows]`: figures as a table, of the named benchmarks or of all; `features` names
 * all of its parts, which `--small` tries with a twentieth of the rows and `--scales 1,10` repeats so many times. Ratios
 * are measured in one run. Exit code 1 where a goal is missed.
 */
const isNamed = (bench: string): boolean => named.some((name) => bench === name || bench.startsWith(`${name}:`));
const unknown = named.filter(
  (name) => !Object.keys(BENCHES).some((bench) => bench === name || bench.startsWith(`${name}:`)),
);
if (unknown.length > 0)
  throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (named.length === 0 || isNamed(name)) figures.push(...(await bench()));
}
const verdict = ({ met }: Figure): string => (met === undefined ? '' : met ? 'met' : 'missed');
const rows = figures.map((figure) => [figure.name, figure.value, figure.goal ?? '', verdict(figure)]);
process.stdout.write(
  `${renderTable([['figure', 'value', 'goal', ''], ...rows], ['left', 'right', 'right', 'left'])}\n`,
);
process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
