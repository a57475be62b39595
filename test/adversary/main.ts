import { parseArgs } from 'node:util';
import { aimAt, bestWalk, openMarket } from './attack.ts';
import { type CaseKind, SMALL, TRAPPED, VARIED } from './generate-case.ts';
import { shippedBook } from './hand-made.ts';

/**
 * `node test/adversary/main.ts [--executions 1000000] [--first 1]`: attacks generated machines until so many executions
 * were made, the same ones each time, and prints what came of it as JSON. Exit code 1 where one spent more than its bound.
 */
const { values } = parseArgs({
  options: { executions: { type: 'string', default: '1000000' }, first: { type: 'string', default: '1' } },
});
const WALKS = 500;
const KINDS: readonly CaseKind[] = [VARIED, VARIED, TRAPPED, SMALL];

const market = openMarket(shippedBook());
const most = Number(values.executions);
const started = performance.now();
const exceeded: string[] = [];
let [executions, machines, refused, attained] = [0, 0, 0, 0];
for (let seed = Number(values.first); executions < most; seed += 1) {
  const target = aimAt(seed, KINDS[seed % KINDS.length] ?? VARIED, market);
  if (target.bound === null) {
    refused += 1;
    continue;
  }
  const walks = Math.min(WALKS, most - executions);
  const spent = bestWalk(target, walks);
  executions += walks;
  machines += 1;
  if (spent === target.bound) attained += 1;
  if (spent > target.bound) exceeded.push(`seed ${seed}: ${spent} of ${target.bound} picodollars`);
}
const seconds = (performance.now() - started) / 1_000;
const report = { executions, machines, refused, attained, exceeded, seconds, perSecond: executions / seconds };
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = exceeded.length === 0 ? 0 : 1;
