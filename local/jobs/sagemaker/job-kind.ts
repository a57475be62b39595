import type { JsonObject } from '../../cloudformation/template.ts';
import type { JobPlaces, JobShell } from '../job-shell.ts';

/** A prepared container: what to start and what to do beside it. */
export interface PreparedContainer {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Work that goes on beside the process until the signal; its failure is the job's. */
  readonly accompany: (signal: AbortSignal) => Promise<void>;
}

/** Training and processing differ in their directory contract and in their descriptions' field names. */
export interface SageMakerJobKind {
  /** Begins the fields: `TrainingJobName`, `TrainingJobArn`, `TrainingJobStatus`. */
  readonly noun: 'TrainingJob' | 'ProcessingJob';
  /** In the ARN: `training-job/<name>`. */
  readonly arnType: 'training-job' | 'processing-job';
  readonly startField: string;
  readonly endField: string;
  /** Whether a job waits for a core of its own. */
  readonly takesCore: boolean;
  /** Parameters of the create call that a description shows again; any other is refused by name. */
  readonly parameters: readonly string[];
  readonly placesOf: (description: JsonObject) => JobPlaces;
  readonly prepare: (shell: JobShell, description: JsonObject, base: string) => Promise<PreparedContainer>;
  /** Stores what the container left; returns the fields that this adds to the description. */
  readonly collect: (
    shell: JobShell,
    description: JsonObject,
    left: { readonly base: string; readonly isCompleted: boolean; readonly seconds: number },
  ) => Promise<JsonObject>;
  /** Why the container failed, in its own words. */
  readonly failureFile: string;
}
