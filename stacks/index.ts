/** Deployment units: `import { PipelineStacks } from 'hundredfold/stacks'`. */
export { BudgetStack, type BudgetStackProps } from './budget-stack.ts';
export { JobsStack, type JobsStackProps } from './jobs-stack.ts';
export { PipelineStacks, type PipelineStacksOptions } from './pipeline-stacks.ts';
export { RegistryStack, type RegistryStackProps } from './registry-stack.ts';
export { ScheduleStack, type ScheduleStackProps } from './schedule-stack.ts';
export { StorageStack, type StorageStackProps } from './storage-stack.ts';
export { TrainingStack, type TrainingStackProps } from './training-stack.ts';
