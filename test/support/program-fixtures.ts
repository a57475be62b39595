import fc from 'fast-check';
import flightDelays from '../../examples/flights/pipeline.ts';
import type { Definition } from '../../lib/definition/index.ts';
import { typeOf } from '../../lib/definition/value-type.ts';
import { must } from '../../lib/errors/fault.ts';
import { canonicalJson } from '../../lib/plan/fingerprint.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { renderPrograms } from '../../lib/render/programs.ts';
import { byEngine } from '../../lib/sql/by-engine.ts';
import { scalar } from '../../lib/sql/scalar.ts';
import { clocksPipeline } from './clocks-pipeline.ts';
import { journeys } from './journeys-pipeline.ts';
import { anyExpression } from './random-expressions.ts';
import { sqlExpressions } from './sql-expressions.ts';
import { staysPipeline } from './stays-pipeline.ts';
import { quotes, tripsPipeline } from './trips-pipeline.ts';

const SEED = 20_011;
const EXPRESSIONS = 150;

function programsOf(definition: Definition): string {
  const programs = renderPrograms(must(makePlan(definition).value, 'a sound definition'));
  return `${JSON.stringify(JSON.parse(canonicalJson(programs)), null, 1)}\n`;
}

function renderedExpressions(): string {
  const trees = [...fc.sample(anyExpression, { seed: SEED, numRuns: EXPRESSIONS }), ...sqlExpressions()];
  const cases = trees.map((tree) => ({
    tree,
    type: typeOf(tree),
    sql: byEngine((dialect) => scalar(tree, dialect)),
  }));
  return `[\n${cases.map((item) => canonicalJson(item)).join(',\n')}\n]\n`;
}

/** What `jobs/tests/test_rendered_*.py` executes on both engines: file name below test/fixtures to its text. */
export const programFixtures = (): Readonly<Record<string, string>> => ({
  'flights-programs.json': programsOf(flightDelays),
  'trips-programs.json': programsOf(tripsPipeline()),
  'quotes-programs.json': programsOf(tripsPipeline(quotes)),
  'journeys-programs.json': programsOf(journeys),
  'stays-programs.json': programsOf(staysPipeline),
  'clocks-programs.json': programsOf(clocksPipeline),
  'expressions.json': renderedExpressions(),
});
