import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { type Measurement, measure, median } from './measure.ts';

const REPEATS = 5;

/** Start-up of the command line, and synthesis of the flights example against an empty CDK app; medians of five. */
export async function benchStartUp(root: string): Promise<readonly Figure[]> {
  const outputs = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const node = process.execPath;
  const seconds = async (command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> => {
    const runs: Measurement[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat += 1) runs.push(await measure(command, { cwd: root, env }));
    const failed = runs.find(({ exitCode }) => exitCode !== 0);
    if (failed !== undefined) throw new Error(`${command.join(' ')} failed\n${failed.errors}`);
    return median(runs.map((run) => run.seconds));
  };
  const help = await seconds([node, 'bin/hundredfold.mjs', '--help']);
  const context = JSON.stringify({ pipeline: 'examples/flights/pipeline.ts' });
  const synth = await seconds([node, 'bin/app.ts'], {
    CDK_OUTDIR: join(outputs, 'flights'),
    CDK_CONTEXT_JSON: context,
  });
  const empty = await seconds([node, 'bench/empty-app.ts'], { CDK_OUTDIR: join(outputs, 'empty') });
  rmSync(outputs, { recursive: true });
  return [
    { name: 'hundredfold --help', value: `${help.toFixed(2)} s`, goal: '<= 0.2 s', met: help <= 0.2 },
    { name: 'synthesis of the flights example', value: `${synth.toFixed(2)} s` },
    { name: 'synthesis of an empty CDK app', value: `${empty.toFixed(2)} s` },
    { name: 'synthesis, ratio to the empty app', value: `${(synth / empty).toFixed(1)} x` },
  ];
}
