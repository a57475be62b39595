import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { ExpectedSpotJob, SpotExpectation } from '../assessment.ts';
import type { CostContext } from '../cost-context.ts';
import { readTaskResource } from '../meters/task-resource.ts';
import type { Proofs } from '../workflow/proofs.ts';
import { argumentsPathOf, type Scope, type TaskState, type WorkflowState } from '../workflow/workflow.ts';
import { expectSpotJob } from './expect-spot-job.ts';

export interface ExpectedSpotJobs {
  /** One for each task that runs a training job on managed spot: the dearest of what it can be called with. */
  readonly jobs: readonly ExpectedSpotJob[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface SpotRequest {
  readonly scope: Scope;
  readonly proofs: Proofs;
  readonly expectation: SpotExpectation;
}

/** What is expected of every spot job of a workflow, those inside of its Maps and Parallels too. */
export function expectedSpotJobs(request: SpotRequest, context: CostContext): ExpectedSpotJobs {
  const tasks = trainingTasksOf(request.scope);
  const expected = tasks.map((task) => expectTask(task, request, context));
  return {
    jobs: expected.flatMap(({ jobs }) => jobs),
    diagnostics: expected.flatMap(({ diagnostics }) => diagnostics),
  };
}

function expectTask(task: TaskState, { proofs, expectation }: SpotRequest, context: CostContext): ExpectedSpotJobs {
  const variants = proofs
    .argumentsOf(task)
    .map((value) => expectSpotJob({ value, at: argumentsPathOf(task), source: 'task' }, context, expectation));
  const jobs = variants.flatMap(({ job }) => (job === undefined ? [] : [{ ...job, at: task.at }]));
  const dearest = jobs.toSorted((a, b) => (a.expectedUsd < b.expectedUsd ? 1 : -1)).slice(0, 1);
  const diagnostics = new Map(
    variants.flatMap((each) => each.diagnostics).map((each) => [`${each.code} ${each.message}`, each]),
  );
  return { jobs: dearest, diagnostics: [...diagnostics.values()] };
}

function trainingTasksOf(scope: Scope): readonly TaskState[] {
  return [...scope.states.values()].flatMap((state) => {
    if (state.type === 'Map') return trainingTasksOf(state.processor);
    if (state.type === 'Parallel') return state.branches.flatMap(trainingTasksOf);
    return isTrainingTask(state) ? [state] : [];
  });
}

function isTrainingTask(state: WorkflowState): state is TaskState {
  if (state.type !== 'Task') return false;
  const resource = readTaskResource(state.resource);
  return resource.kind === 'call' && resource.service === 'sagemaker' && resource.name === 'createTrainingJob';
}
