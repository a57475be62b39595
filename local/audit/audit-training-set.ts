import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AuditReport } from '../../lib/contracts/audit.ts';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { Fault } from '../../lib/errors/fault.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { auditReportReader } from '../../lib/runs/audit-report.ts';
import { type CommandEnd, runCommand } from '../command.ts';
import type { RunHost } from '../host.ts';
import { machineEnvironment } from '../machine-environment.ts';
import { PACKAGE_ROOT } from '../package-files.ts';
import { ensurePythonEnvironment } from '../python-environment.ts';
import { readJsonFile } from '../state/json-file.ts';
import { type StateDirectory, stateDirectory } from '../state/state-directory.ts';
import { type AuditedSet, findAuditedSet } from './audited-set.ts';
import { projectSources } from './project-sources.ts';

export interface AuditOptions {
  readonly directory: string;
  /** URI or path of a manifest, or of files. */
  readonly set: string;
  readonly rows: number | 'all';
  /** Path of a training-set program to hold the set against; default: the set's own, or the project's. */
  readonly program: string | undefined;
  /** The set's columns by their names in the pipeline. */
  readonly columns: ReadonlyMap<string, string>;
  readonly labelTime: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Audits a training set for values that could not have been known, by the job that a run audits its own set with.
 *
 * @throws UserError where the set, its columns or the project are not what they should be
 */
export async function auditTrainingSet(options: AuditOptions, host: RunHost): Promise<AuditReport> {
  const { directory } = options;
  const state = stateDirectory(directory);
  const audited = await findAuditedSet(options.set, directory, state);
  const given = await jobArguments(options, audited, state, host);
  const python = await ensurePythonEnvironment({
    root: directory,
    name: 'run',
    notify: (line) => host.notify({ kind: 'environment-progress', line }),
  });
  await mkdir(state.temporary, { recursive: true });
  const output = join(state.temporary, `audit-${randomUUID()}.json`);
  try {
    const script = join(PACKAGE_ROOT, 'jobs', 'glue', 'audit_training_set.py');
    const environment = {
      ...machineEnvironment(state),
      PYTHONPATH: join(PACKAGE_ROOT, 'jobs'),
      HUNDREDFOLD_OBJECT_ROOT: audited.kind === 'published' ? audited.objects : state.objects,
    };
    const args = [script, ...Object.entries({ ...given, output }).flatMap(([name, value]) => [`--${name}`, value])];
    requireSuccess(await runCommand(python, args, { directory, environment, signal: options.signal }));
    return readOrThrow(auditReportReader, await readJsonFile(output), 'the audit report');
  } finally {
    await rm(output, { force: true });
  }
}

async function jobArguments(
  { directory, rows, program, columns, labelTime, signal }: AuditOptions,
  audited: AuditedSet,
  state: StateDirectory,
  host: RunHost,
): Promise<Readonly<Record<string, string>>> {
  const sources = audited.kind === 'published' ? audited : await projectSources(directory, state, { host, signal });
  return {
    program: program === undefined ? sources.program : resolve(directory, program),
    inputs: sources.inputs,
    'training-set': audited.kind === 'published' ? audited.manifest : audited.path,
    rows: String(rows),
    engine: 'duckdb',
    columns: [...columns].map(([name, column]) => `${name}=${column}`).join(','),
    ...(labelTime === undefined ? {} : { 'label-time': labelTime }),
  };
}

/** The one line that a job says where its caller can put something right. */
const JOB_ERROR = /^ERROR ([A-Z_]+): (.*) \(fix: (.*)\)$/m;

function requireSuccess({ exitCode, errors }: CommandEnd): void {
  if (exitCode === 0) return;
  const [, code, message, resolution] = JOB_ERROR.exec(errors) ?? [];
  if (code === undefined || message === undefined || resolution === undefined) {
    throw new Fault(`the audit ended with exit code ${exitCode}: ${errors.trim().split('\n').slice(-5).join('; ')}`);
  }
  throw new UserError({ code: code.toLowerCase().replaceAll('_', '-'), message, resolution });
}
