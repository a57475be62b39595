import { describe, expect, it } from 'vitest';
import { assessCost } from '../../lib/cost/assess.ts';
import type { CostAssessment } from '../../lib/cost/assessment.ts';
import { defaultRequest } from '../../lib/cost/default-request.ts';
import type { CostNode } from '../../lib/cost/tree/cost-node.ts';
import { must } from '../../lib/errors/fault.ts';
import { shippedPriceBook } from '../support/cost-template.ts';
import { synthesized } from '../support/synthesized-example.ts';
import { type Editable, type EditableStack, editAt, editableStacks, locate } from '../support/template-edits.ts';

const book = shippedPriceBook();
const example = editableStacks(synthesized());

const assess = (stacks: readonly EditableStack[]): CostAssessment =>
  assessCost({ ...defaultRequest(stacks, book), spot: { interruptionsPerHour: 0.05, saving: 0.7 } });

const errorsOf = ({ diagnostics }: CostAssessment): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code, at }) => `${code} ${at}`);

type Edit = (parent: Editable, name: string) => void;

function assessEdited(path: string, edit: Edit): CostAssessment {
  const stacks = structuredClone(example);
  editAt(stacks, path, edit);
  return assess(stacks);
}

const remove: Edit = (parent, name) => {
  delete parent[name];
};
const set =
  (value: unknown): Edit =>
  (parent, name) => {
    parent[name] = value;
  };
/** What only a run knows, in a definition. */
const RUN_TIME = '{% $states.input.unknown %}';

const idOf = (stack: string, part: string): string => {
  const found = example.find((candidate) => candidate.stack === stack);
  const ids = Object.keys(found?.template.Resources ?? {}).filter((id) => id.startsWith(part));
  return `${stack}/${must(ids[0], part)}`;
};
const MACHINE = idOf('flight-delays-training', 'WorkflowStateMachine');
const TRAINING = `${MACHINE}.States.Train trials.ItemProcessor.States.Train trial.Arguments`;
const EVALUATION = `${MACHINE}.States.Evaluate.Arguments`;
const INGEST = `${idOf('flight-delays-jobs', 'JobsIngestDBA')}.Properties`;
const BUILD = `${idOf('flight-delays-jobs', 'JobsTrainingSet3B')}.Properties`;

const original = assess(example);

describe('the templates of the flights example', () => {
  it('are bounded as they are', () => {
    expect(errorsOf(original)).toEqual([]);
    expect(original.verdict).toBe('bounded');
  });
});

describe('a limit that is taken away is the one thing that is refused:', () => {
  const removed: readonly (readonly [path: string, code: string])[] = [
    ...[INGEST, BUILD].flatMap((job) => [
      [`${job}.Timeout`, 'missing-limit'] as const,
      [`${job}.NumberOfWorkers`, 'missing-limit'] as const,
      [`${job}.WorkerType`, 'missing-limit'] as const,
      [`${job}.GlueVersion`, 'unpinned-version'] as const,
    ]),
    [`${TRAINING}.StoppingCondition.MaxRuntimeInSeconds`, 'missing-limit'],
    [`${TRAINING}.StoppingCondition.MaxWaitTimeInSeconds`, 'missing-limit'],
    [`${TRAINING}.CheckpointConfig`, 'spot-without-checkpoints'],
    [`${TRAINING}.ResourceConfig.InstanceType`, 'missing-limit'],
    [`${TRAINING}.ResourceConfig.InstanceCount`, 'missing-limit'],
    [`${TRAINING}.ResourceConfig.VolumeSizeInGB`, 'missing-limit'],
    [`${EVALUATION}.StoppingCondition.MaxRuntimeInSeconds`, 'missing-limit'],
    [`${EVALUATION}.ProcessingResources.ClusterConfig.InstanceType`, 'missing-limit'],
    [`${EVALUATION}.ProcessingResources.ClusterConfig.InstanceCount`, 'missing-limit'],
    [`${EVALUATION}.ProcessingResources.ClusterConfig.VolumeSizeInGB`, 'missing-limit'],
    [`${MACHINE}.States.Train trials.Items`, 'unbounded-map'],
  ];

  it.each(removed)('%s', (path, code) => {
    const assessment = assessEdited(path, remove);

    expect(errorsOf(assessment)).toEqual([`${code} ${path}`]);
    expect([assessment.verdict, assessment.run.usd, assessment.month.usd]).toEqual(['unbounded', null, null]);
  });
});

describe('a limit that is opened is the one thing that is refused:', () => {
  const opened: readonly (readonly [path: string, value: unknown, code: string])[] = [
    [`${INGEST}.MaxRetries`, 1, 'composed-retries'],
    [`${BUILD}.MaxRetries`, 2, 'composed-retries'],
    [`${INGEST}.GlueVersion`, 'auto', 'unpinned-version'],
    [`${MACHINE}.States.Ingest and check.Arguments.Timeout`, RUN_TIME, 'overridden-limit'],
    [`${MACHINE}.States.Ingest and check.Arguments.NumberOfWorkers`, RUN_TIME, 'overridden-limit'],
    [`${TRAINING}.ResourceConfig.InstanceType`, RUN_TIME, 'run-time-limit'],
    [`${TRAINING}.ResourceConfig.InstanceCount`, RUN_TIME, 'run-time-limit'],
    [`${TRAINING}.ResourceConfig.VolumeSizeInGB`, RUN_TIME, 'run-time-limit'],
    [`${TRAINING}.StoppingCondition.MaxWaitTimeInSeconds`, RUN_TIME, 'run-time-limit'],
    [`${TRAINING}.ResourceConfig.KeepAlivePeriodInSeconds`, 600, 'warm-pool'],
    [`${EVALUATION}.StoppingCondition.MaxRuntimeInSeconds`, RUN_TIME, 'run-time-limit'],
    [`${MACHINE}.States.Train trials.Items`, '{% $frozen.trials %}', 'unbounded-map'],
    [`${MACHINE}.States.Train trials.Items`, '{% [$frozen.trials[[0..3]]] %}', 'unbounded-map'],
    [`${MACHINE}.States.Settle run.Next`, 'Admit run', 'unbounded-loop'],
    [`${MACHINE}.States.Register model.Resource`, 'arn:aws:states:::ecs:runTask.sync', 'unmetered-call'],
    [`${MACHINE}.Properties.StateMachineType`, 'EXPRESS', 'unmetered-option'],
  ];

  it.each(opened)('%s = %j', (path, value, code) => {
    expect(errorsOf(assessEdited(path, set(value)))).toEqual([`${code} ${path}`]);
  });

  it.each([
    [RUN_TIME, 'run-time-limit'],
    ['arn:aws:states:us-east-1:000000000000:stateMachine:another', 'unmetered-call'],
  ])('an execution nested in it, of %s', (StateMachineArn, code) => {
    const path = `${MACHINE}.States.Register model`;
    const Resource = 'arn:aws:states:::states:startExecution.sync:2';
    const nested = { Type: 'Task', Resource, Arguments: { StateMachineArn }, Next: 'Settle run' };

    expect(errorsOf(assessEdited(path, set(nested)))).toEqual([`${code} ${path}.Arguments.StateMachineArn`]);
  });
});

/** Every path that the trees name as what sets a number. */
function pathsOf(node: CostNode | null): readonly string[] {
  if (node === null) return [];
  if (node.kind === 'leaf') return node.factors.map(({ at }) => at);
  return node.kind === 'sum' ? node.children.flatMap(pathsOf) : [node.at, ...pathsOf(node.child)];
}

const named = [...new Set([...pathsOf(original.run.tree), ...pathsOf(original.month.tree)])];
const limits = named.filter((path) => /\.Properties\.|\.Arguments\.|\.Items$|\.Retry$/.test(path));

/** Of these the bound takes the dearest that there is. */
const DEAREST_ANYHOW = ['.EnableKeyRotation', '.BudgetName'];

function codeOf(path: string): string {
  if (path.endsWith('.EventPattern')) return 'unbounded-starts';
  if (path.endsWith('.Items')) return 'unbounded-map';
  if (path.endsWith('.Retry')) return 'malformed-definition';
  return path.includes('.States.') ? 'run-time-limit' : 'deploy-time-limit';
}

describe('every number of the explanation hangs on the property that it names', () => {
  it('and names only what is there', () => {
    expect(limits.length).toBeGreaterThan(45);
    for (const path of named) expect(() => locate(example, path), path).not.toThrow();
  });

  it.each(limits.filter((path) => !DEAREST_ANYHOW.some((end) => path.endsWith(end))))('%s', (path) => {
    const stacks = structuredClone(example);
    for (const { template } of stacks) template.Parameters = { ...template.Parameters, Open: { Type: 'String' } };
    editAt(stacks, path, set(path.includes('.States.') ? RUN_TIME : { Ref: 'Open' }));

    expect(errorsOf(assess(stacks))).toEqual([`${codeOf(path)} ${path}`]);
  });
});
