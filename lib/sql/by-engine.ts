import type { SqlByEngine } from '../contracts/job-program.ts';
import type { Dialect } from './dialect.ts';
import { DUCKDB } from './duckdb.ts';
import { SPARK } from './spark.ts';

/** One meaning, spelled for each engine. */
export function byEngine(render: (dialect: Dialect) => string): SqlByEngine {
  return { duckdb: render(DUCKDB), spark: render(SPARK) };
}
