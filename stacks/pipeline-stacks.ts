import { type App, Validations } from 'aws-cdk-lib/core';
import { boundCost } from '../lib/constructs/cost-validation.ts';
import { draftTemplates } from '../lib/constructs/draft-templates.ts';
import { enforcedBound } from '../lib/constructs/enforced-bound.ts';
import { type PlannedPipeline, planPipeline } from '../lib/constructs/planned-pipeline.ts';
import type { EnforcedBound } from '../lib/constructs/training-workflow.ts';
import type { Definition } from '../lib/definition/pipeline.ts';
import { renderDiagnostic } from '../lib/errors/diagnostic.ts';
import { BudgetStack } from './budget-stack.ts';
import { JobsStack } from './jobs-stack.ts';
import { RegistryStack } from './registry-stack.ts';
import { ScheduleStack, type ScheduleStackProps } from './schedule-stack.ts';
import { StorageStack } from './storage-stack.ts';
import { TrainingStack } from './training-stack.ts';

export interface PipelineStacksOptions {
  /** What scheduled runs say of the code that is deployed; default: no commit known. */
  readonly revision?: ScheduleStackProps['revision'];
  /** URI of the image of training and evaluation, by digest where the same bytes matter for years. */
  readonly image?: string;
}

const UNKNOWN_REVISION = { commit: null, clean: false } as const;

/**
 * Every stack of a pipeline: `new PipelineStacks(app, pipeline)`. They are synthesized twice: from the first pass comes
 * the most that a run can cost, which the second one enforces. An app whose cost has no bound, or is above the budget,
 * does not synthesize.
 * @throws UserError invalid-input: everything that is wrong with the definition
 */
export class PipelineStacks {
  readonly storage: StorageStack;
  readonly jobs: JobsStack;
  readonly registry: RegistryStack;
  readonly training: TrainingStack;
  readonly schedule: ScheduleStack;
  readonly budget: BudgetStack;

  constructor(app: App, definition: Definition, options: PipelineStacksOptions = {}) {
    const pipeline = planPipeline(definition);
    for (const warning of pipeline.warnings) {
      Validations.of(app).addWarning(`hundredfold:${warning.code}`, renderDiagnostic(warning));
    }
    boundCost(app, pipeline.plan.region);
    const templates = draftTemplates(app, (draft) => composeStacks(draft, pipeline, options));
    const stacks = composeStacks(app, pipeline, { ...options, bound: enforcedBound(templates, pipeline) });
    this.storage = stacks.storage;
    this.jobs = stacks.jobs;
    this.registry = stacks.registry;
    this.training = stacks.training;
    this.schedule = stacks.schedule;
    this.budget = stacks.budget;
  }
}

interface ComposeOptions extends PipelineStacksOptions {
  readonly bound?: EnforcedBound;
}

function composeStacks(app: App, pipeline: PlannedPipeline, { revision, image, bound }: ComposeOptions) {
  const { pipeline: name, region } = pipeline.plan;
  const props = (part: string) => ({
    pipeline,
    env: { region },
    description: `${part} of the pipeline ${name}`,
    tags: { Pipeline: name },
  });
  const storage = new StorageStack(app, `${name}-storage`, props('Storage'));
  const jobs = new JobsStack(app, `${name}-jobs`, { ...props('Data jobs'), lake: storage.lake });
  const registry = new RegistryStack(app, `${name}-registry`, props('Model registry'));
  const training = new TrainingStack(app, `${name}-training`, {
    ...props('Training workflow'),
    storage,
    jobs,
    registry,
    image,
    bound,
  });
  const schedule = new ScheduleStack(app, `${name}-schedule`, {
    ...props('Schedule'),
    storage,
    jobs,
    training,
    revision: revision ?? UNKNOWN_REVISION,
  });
  const budget = new BudgetStack(app, `${name}-budget`, { ...props('Budget'), training });
  return { storage, jobs, registry, training, schedule, budget };
}
