import { resolve } from 'node:path';
import { renderTable } from '../cli/table.ts';
import { benchEndToEnd } from './end-to-end.ts';
import type { Figure } from './figure.ts';
import { benchInterpreter } from './interpreter.ts';
import { benchStartUp } from './start-up.ts';

/** `npm run bench [-- start-up]`: figures as a table, ratios measured in one run; exit code 1 where a goal is missed. */
const root = resolve(import.meta.dirname, '..');
const onlyStartUp = process.argv.includes('start-up');

const figures: readonly Figure[] = [
  ...(await benchInterpreter()),
  ...(await benchStartUp(root)),
  ...(onlyStartUp ? [] : await benchEndToEnd(root)),
];
const verdict = ({ met }: Figure): string => (met === undefined ? '' : met ? 'met' : 'missed');
const rows = figures.map((figure) => [figure.name, figure.value, figure.goal ?? '', verdict(figure)]);
process.stdout.write(
  `${renderTable([['figure', 'value', 'goal', ''], ...rows], ['left', 'right', 'right', 'left'])}\n`,
);
process.exitCode = figures.some(({ met }) => met === false) ? 1 : 0;
