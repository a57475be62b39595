import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assessCost } from '../lib/cost/assess.ts';
import { defaultRequest } from '../lib/cost/default-request.ts';
import { readPriceBook } from '../lib/cost/price-book.ts';
import { must } from '../lib/errors/fault.ts';
import type { Figure } from './figure.ts';
import { type Measurement, measure, median } from './measure.ts';

const REPEATS = 5;
/** Of the assessment alone: the first few compile it. */
const ASSESSMENTS = 20;
const STATES = 10_000;

/** The analyser on a large machine, the review of the flights example, and the adversary's million executions. */
export async function benchCost(root: string): Promise<readonly Figure[]> {
  return [assessLargeMachine(root), await reviewExample(root), ...(await attackBounds(root))];
}

/** A chain in which every other state is a task with retries, a Choice or a Pass, and every one may end early. */
function largeMachine(): object {
  const name = (index: number): string => `State ${index}`;
  const states: Record<string, object> = { [name(STATES - 1)]: { Type: 'Succeed' } };
  for (let index = 0; index < STATES - 1; index += 1) {
    const [next, last] = [name(index + 1), name(STATES - 1)];
    const retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }];
    const caught = [{ ErrorEquals: ['States.ALL'], Next: last }];
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Retry: retry, Catch: caught, Next: next };
    const choice = { Type: 'Choice', Choices: [{ Condition: '{% $states.input.ends %}', Next: last }], Default: next };
    const pass = { Type: 'Pass', Assign: { progress: index }, Next: next };
    const work = { ...task, Arguments: { FunctionName: FUNCTION } };
    states[name(index)] = [work, choice, pass][index % 3] ?? pass;
  }
  return { QueryLanguage: 'JSONata', StartAt: name(0), States: states };
}

/** In the place of the function's ARN. */
const FUNCTION = '<function>';

/** A definition as CDK writes it: texts joined with references. */
function definitionString(definition: object): object {
  const texts = JSON.stringify(definition).split(FUNCTION);
  const arn = { 'Fn::GetAtt': ['Work', 'Arn'] };
  return { 'Fn::Join': ['', texts.flatMap((text, place) => (place === 0 ? [text] : [arn, text]))] };
}

function assessLargeMachine(root: string): Figure {
  const file = join(root, 'data/prices/us-east-1.json');
  const book = must(readPriceBook(JSON.parse(readFileSync(file, 'utf8')), file).value, 'a price book');
  const machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { DefinitionString: definitionString(largeMachine()) },
  };
  const work = { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 512, Timeout: 60 } };
  const request = defaultRequest([{ stack: 'app', template: { Resources: { Machine: machine, Work: work } } }], book);
  const milliseconds = Array.from({ length: ASSESSMENTS }, () => {
    const started = performance.now();
    if (assessCost(request).verdict !== 'bounded') throw new Error('the large machine is not bounded');
    return performance.now() - started;
  });
  const value = median(milliseconds);
  return {
    name: 'cost of a machine of 10,000 states',
    value: `${value.toFixed(0)} ms`,
    goal: '<= 100 ms',
    met: value <= 100,
  };
}

/** From the start of the process to its end, with what was synthesized before. */
async function reviewExample(root: string): Promise<Figure> {
  const assembly = mkdtempSync(join(tmpdir(), 'bench-cost-'));
  const context = JSON.stringify({ pipeline: 'examples/flights/pipeline.ts' });
  const env = { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: context };
  await succeed(await measure([process.execPath, 'bin/app.ts'], { cwd: root, env }), 'the synthesis');
  const review = [process.execPath, 'bin/hundredfold.mjs', 'cost', '--app', assembly];
  const seconds: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    seconds.push((await succeed(await measure(review, { cwd: root }), 'the review')).seconds);
  }
  rmSync(assembly, { recursive: true });
  const value = median(seconds);
  return {
    name: "review of the flights example's cost",
    value: `${value.toFixed(2)} s`,
    goal: '<= 0.5 s',
    met: value <= 0.5,
  };
}

/** What `test/adversary/main.ts` prints. */
interface Attack {
  readonly executions: number;
  readonly exceeded: readonly string[];
  readonly perSecond: number;
}

async function attackBounds(root: string): Promise<readonly Figure[]> {
  const { output } = await measure([process.execPath, 'test/adversary/main.ts'], { cwd: root });
  const { executions, exceeded, perSecond } = JSON.parse(output) as Attack;
  return [
    {
      name: `executions above their bound, of ${executions.toLocaleString('en')} adversarial`,
      value: String(exceeded.length),
      goal: '0',
      met: exceeded.length === 0,
    },
    { name: 'adversarial executions', value: `${Math.round(perSecond).toLocaleString('en')} a second` },
  ];
}

async function succeed(measurement: Measurement, what: string): Promise<Measurement> {
  if (measurement.exitCode !== 0) throw new Error(`${what} failed\n${measurement.errors}`);
  return measurement;
}
