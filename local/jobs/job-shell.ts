import type { Asset } from '../assembly/read-assembly.ts';
import type { AccessControl } from '../endpoint/access.ts';
import type { ObjectFiles } from '../endpoint/s3/object-files.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { CoreSlots } from './core-slots.ts';
import type { ProcessGroups } from './job-process.ts';

/** What becomes of a job, as it becomes it. */
export type JobNotice =
  | { readonly kind: 'job-started'; readonly job: string; readonly execution: string; readonly log: string }
  | { readonly kind: 'job-progress'; readonly job: string; readonly execution: string; readonly line: string }
  | { readonly kind: 'job-ended'; readonly job: string; readonly execution: string; readonly status: string };

/** What every kind of job needs of the machine that it runs on. */
export interface JobShell {
  readonly region: string;
  readonly account: string;
  readonly state: StateDirectory;
  readonly objects: ObjectFiles;
  readonly access: AccessControl;
  readonly assets: readonly Asset[];
  readonly processes: ProcessGroups;
  readonly cores: CoreSlots;
  /** The interpreter that stands in for the containers' python3. */
  readonly python: string;
  /** What a job inherits of this machine: where programs, the home folder and Java are. */
  readonly machineEnvironment: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly notify: (notice: JobNotice) => void;
}

/** AWS's JSON protocols carry times as seconds since the epoch, with a fraction. */
export const wireTime = (milliseconds: number): number => milliseconds / 1000;

/** Where a role must be allowed to read or write before a job is handed the place. */
export interface JobPlaces {
  /** `s3://` URIs; one that ends in `/` is everything below it. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}
