import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainCommand } from '../../cli/explain-command.ts';
import { renderExplanation } from '../../cli/feature-explanation-text.ts';
import flightDelays from '../../examples/flights/pipeline.ts';
import { must } from '../../lib/errors/fault.ts';
import { explainFeatures } from '../../lib/features/explain/explain-features.ts';
import { trainingSetProgram } from '../../lib/features/training-set-program.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { PipelineStacks } from '../../stacks/pipeline-stacks.ts';
import { journeys } from '../support/journeys-pipeline.ts';
import { quietApp } from '../support/synthesized-example.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function explain(words: readonly string[]): Promise<string> {
  const written: string[] = [];
  const terminal = {
    write: (text: string) => void written.push(text),
    report: () => undefined,
    isInteractive: false,
    columns: 80,
  };
  await explainCommand.execute(words, { directory: await temporaryFolder(), terminal });
  return written.join('');
}

describe('hundredfold explain features', () => {
  it('reads what is deployed from the assembly', async () => {
    const app = quietApp();
    new PipelineStacks(app, flightDelays);
    const { directory } = app.synth();
    const { version, pipeline, features, passes } = JSON.parse(
      await explain(['features', '--json', '--app', directory]),
    );
    rmSync(directory, { recursive: true });

    expect({ version, pipeline }).toEqual({ version: 1, pipeline: 'flight-delays' });
    expect(features).toHaveLength(30);
    expect(features[0]).toMatchObject({
      name: 'origin_delays__flights_3h',
      interval: 'known <= t, t - 3h < event <= t',
      shape: 'prefix sums',
    });
    expect(passes).toMatchObject({ scans: 4, shuffles: 2, sorts: 6 });
  });

  it.each([[[]], [['views']], [['features', 'all']]])('takes no other words than features: %j', async (words) => {
    await expect(explain(words)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('renderExplanation', () => {
  const text = renderExplanation(
    explainFeatures(trainingSetProgram(must(makePlan(journeys).value, 'a sound definition'))),
  );

  it('has a block for each view, and says by which columns of the label it is found', () => {
    expect(text).toMatch(/^journeys: 47 features\n\nquoted of quotes by origin \(version [0-9a-f]{32}\)\n/);
    expect(text).toMatch(/\norigin_levels of readings by station = label.origin \(version [0-9a-f]{32}\)\n/);
    expect(text).toContain('code_levels__level_6h');
  });

  it('says of an aggregate what its windows share, once', () => {
    expect(text.match(/scale 2; default 0/g)).toHaveLength(1);
  });

  it('ends with the passes over the data', () => {
    expect(text).toContain("\nthe label's own row of trips\n  hour\n");
    expect(text).toContain('\npasses: 5 scans, 2 shuffles, 5 sorts\n');
  });
});
