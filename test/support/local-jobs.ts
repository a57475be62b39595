import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Asset } from '../../local/assembly/read-assembly.ts';
import type { Role } from '../../local/assembly/roles.ts';
import { AccessControl } from '../../local/endpoint/access.ts';
import { EtagCache } from '../../local/endpoint/s3/etags.ts';
import { ObjectFiles } from '../../local/endpoint/s3/object-files.ts';
import { CoreSlots } from '../../local/jobs/core-slots.ts';
import { ProcessGroups } from '../../local/jobs/job-process.ts';
import type { JobNotice, JobShell } from '../../local/jobs/job-shell.ts';
import { ProcessLedger } from '../../local/jobs/lost-processes.ts';
import { machineEnvironment } from '../../local/machine-environment.ts';
import { stateDirectory } from '../../local/state/state-directory.ts';
import { ADMINISTRATOR } from './local-endpoint.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const PYTHON = process.env['HUNDREDFOLD_PYTHON'] ?? 'python3';

export interface JobBench {
  readonly shell: JobShell;
  readonly notices: readonly JobNotice[];
  /** Writes a file of the assembly, below a folder asset where the path has one. */
  readonly writeAsset: (path: string, text: string) => Promise<void>;
  /** Puts an object into the bucket `lake`. */
  readonly putObject: (key: string, text: string) => Promise<void>;
}

/** A shell over a fresh folder, with a clock of its own: each reading is a second later. */
export async function jobBench(
  options: { readonly roles?: readonly Role[]; readonly cores?: number } = {},
): Promise<JobBench> {
  const root = await temporaryFolder();
  const state = stateDirectory(root);
  const objects = new ObjectFiles({
    root: state.objects,
    temporary: state.temporary,
    etags: new EtagCache(state.etags),
  });
  const buckets = ['lake', 'assets'].map((name) => ({ name, keyArn: null }));
  const assetPath = (path: string): string => join(root, 'assembly', path);
  const assets: readonly Asset[] = [
    { bucket: 'assets', key: 'script.py', path: assetPath('script.py'), packaging: 'file' },
    { bucket: 'assets', key: 'code.zip', path: assetPath('code'), packaging: 'zip' },
  ];
  const notices: JobNotice[] = [];
  const processes = new ProcessGroups(new ProcessLedger(state.processes));
  onTestFinished(() => processes.close());
  let now = Date.UTC(2026, 0, 1);
  const shell: JobShell = {
    region: 'us-east-1',
    account: '000000000000',
    state,
    objects,
    access: new AccessControl([ADMINISTRATOR, ...(options.roles ?? [])], buckets),
    assets,
    processes,
    cores: new CoreSlots(options.cores ?? 2),
    python: PYTHON,
    machineEnvironment: machineEnvironment(state),
    now: () => {
      now += 1000;
      return now;
    },
    notify: (notice) => notices.push(notice),
  };
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  return {
    shell,
    notices,
    writeAsset: (path, text) => write(assetPath(path), text),
    putObject: (key, text) => write(join(state.objects, 'lake', key), text),
  };
}
