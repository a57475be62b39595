import { parseObjectUri } from '../lib/contracts/object-keys.ts';
import type { Engine } from '../lib/contracts/run-input.ts';
import type { RunProgram } from '../lib/contracts/run-program.ts';
import type { ObjectLocation } from '../lib/contracts/state-payload.ts';
import { must } from '../lib/errors/fault.ts';
import { runProgramReader } from '../lib/runs/documents.ts';
import type { StageContext } from '../lib/runs/stage-fingerprints.ts';
import { readVerified } from './object-store.ts';

interface ProgramEnvironment {
  readonly runProgram: string;
  readonly runProgramDigest: string;
}

/** The plan as handlers know it. @throws UserError `digest-mismatch` where it is not the one of the deployment */
export function loadRunProgram({ runProgram, runProgramDigest }: ProgramEnvironment): Promise<RunProgram> {
  return readVerified(runProgramReader, locationOf(runProgram), runProgramDigest);
}

export const locationOf = (uri: string): ObjectLocation => must(parseObjectUri(uri), `an s3:// URI, not ${uri}`);

type StageEnvironment = ProgramEnvironment & Pick<StageContext, 'codeDigest' | 'lockDigest' | 'image'>;

/** What the fingerprints of a run's stages depend on. */
export async function loadStageContext(environment: StageEnvironment, engine: Engine): Promise<StageContext> {
  const { codeDigest, lockDigest, image } = environment;
  return { program: await loadRunProgram(environment), engine, codeDigest, lockDigest, image };
}
