import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingSetProgram } from '../../lib/contracts/job-program.ts';
import type { TrainingSetInputs } from '../../lib/contracts/manifest.ts';
import type { Engine } from '../../lib/contracts/run-input.ts';
import { BUCKET, type Lake, objectPath } from './lake.ts';
import type { Workplace } from './workplace.ts';

/** A command that builds a training set, and where it puts it. */
export interface TrainingSetCommand {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Key prefix of the set. */
  readonly prefix: string;
  /** Folder of the set's parts. */
  readonly output: string;
}

const ATTEMPT = 'bench';

/** The deployed script as the process that the local shell starts, over a lake. */
export function trainingSetCommand(
  place: Workplace,
  lake: Lake,
  name: string,
  engine: Engine,
  program: TrainingSetProgram,
): TrainingSetCommand {
  const prefix = `training-sets/${name}/`;
  const inputs: TrainingSetInputs = {
    version: 2,
    slot: lake.slot,
    fingerprint: name,
    units: lake.units,
  };
  writeFileSync(objectPath(lake, `${name}-inputs.json`), JSON.stringify(inputs));
  writeFileSync(objectPath(lake, `${name}-program.json`), JSON.stringify(program));
  const given = {
    program: `s3://${BUCKET}/${name}-program.json`,
    inputs: `s3://${BUCKET}/${name}-inputs.json`,
    bucket: BUCKET,
    prefix,
    attempt: ATTEMPT,
    engine,
    execution: ATTEMPT,
  };
  return {
    command: [
      place.python[engine === 'spark' ? 'spark' : 'run'],
      join(place.root, 'jobs/glue/build_training_set.py'),
      ...Object.entries(given).flatMap(([argument, value]) => [`--${argument}`, value]),
    ],
    env: {
      HUNDREDFOLD_OBJECT_ROOT: lake.root,
      // As much as the other contenders on Spark have; DuckDB has its own default, as the others on DuckDB.
      ...(engine === 'spark' ? { HUNDREDFOLD_MEMORY_LIMIT: '8GB' } : {}),
    },
    prefix,
    output: objectPath(lake, `${prefix}${ATTEMPT}`),
  };
}

/** The whole of a program's rows in one part, so that every label is written: nothing is purged. */
export const inOnePart = (program: TrainingSetProgram): TrainingSetProgram => ({
  ...program,
  split: { kind: 'by-time', train: 1, validation: 0, test: 0, embargoMicroseconds: 0 },
});
