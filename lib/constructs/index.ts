/** L3 constructs for those who compose their own stacks: `import { DataLake } from 'hundredfold/constructs'`. */
export { type AssetObject, assetObject } from './asset-object.ts';
export { CostValidation, type CostValidationProps } from './cost-validation.ts';
export { DataJobs, type DataJobsProps } from './data-jobs.ts';
export { DataLake, type DataLakeProps } from './data-lake.ts';
export { draftTemplates } from './draft-templates.ts';
export { enforcedBound } from './enforced-bound.ts';
export { type HandlerEnvironment, HandlerFunction, type HandlerFunctionProps } from './handler-function.ts';
export { JobCode } from './job-code.ts';
export { JobRole, type JobRoleProps } from './job-role.ts';
export { LakeCatalog, type LakeCatalogProps } from './lake-catalog.ts';
export { ModelRegistry, type ModelRegistryProps } from './model-registry.ts';
export { normaliseTemplate } from './normalise-template.ts';
export { type PlannedPipeline, planPipeline } from './planned-pipeline.ts';
export { RetrainSchedule, type RetrainScheduleProps } from './retrain-schedule.ts';
export { RunFiles, type RunFileTexts } from './run-files.ts';
export { checkSecurity } from './security-checks.ts';
export { SpendGuard, type SpendGuardProps } from './spend-guard.ts';
export { type EnforcedBound, TrainingWorkflow, type TrainingWorkflowProps } from './training-workflow.ts';
