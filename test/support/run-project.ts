/** Runs a project's pipeline in a process of its own, for tests that kill it: messages as JSON lines. */
import { runPipeline } from '../../local/run.ts';

const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const { runs } = await runPipeline(
  {
    directory: process.argv[2] ?? process.cwd(),
    slots: { kind: 'newest' },
    engine: 'duckdb',
    signal: controller.signal,
    now: () => Date.now(),
  },
  { notify: (message) => process.stdout.write(`${JSON.stringify(message)}\n`) },
);
process.exitCode = runs.every(({ status }) => status === 'SUCCEEDED') ? 0 : 3;
