import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { costCommandOf } from '../../cli/cost-command.ts';
import type { CostAssessment, CostRequest } from '../../lib/cost/assessment.ts';
import { assessmentOf } from './assessments.ts';

/** How `hundredfold cost` ended. */
export interface CostRun {
  readonly exitCode: number;
  readonly output: string;
  readonly progress: string;
  /** What was asked of the analyser: of the change, then of the base. */
  readonly requests: readonly CostRequest[];
}

/** Runs `hundredfold cost` in a folder, with assessments made by hand. */
export async function runCost(
  directory: string,
  args: readonly string[],
  assess: (request: CostRequest) => CostAssessment = () => assessmentOf(),
): Promise<CostRun> {
  const [output, progress, requests]: [string[], string[], CostRequest[]] = [[], [], []];
  const command = costCommandOf((request) => {
    requests.push(request);
    return assess(request);
  });
  const terminal = {
    write: (text: string) => void output.push(text),
    report: (text: string) => void progress.push(text),
    isInteractive: false,
    columns: 80,
  };
  const exitCode = await command.execute(args, { directory, terminal });
  return { exitCode, output: output.join(''), progress: progress.join(''), requests };
}

/** Writes files below a folder: texts as they are, anything else as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
  }
}

/** An artifact of manifest.json: a stack in a region. */
export const stackArtifact = (stack: string, region = 'us-east-1'): object => ({
  type: 'aws:cloudformation:stack',
  environment: `aws://unknown-account/${region}`,
  properties: { templateFile: `${stack}.template.json` },
});
