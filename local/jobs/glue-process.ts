import type { DeployedGlueJob } from '../assembly/deployment.ts';
import { type JsonObject, objectAt, textAt } from '../cloudformation/template.ts';
import { pathOfUri } from './job-places.ts';
import type { ProcessOptions } from './job-process.ts';
import type { JobPlaces, JobShell } from './job-shell.ts';

/** The job's default arguments under those of the run. */
export function glueArguments(job: DeployedGlueJob, ofRun: JsonObject): Readonly<Record<string, string>> {
  const given = Object.entries(ofRun).map(([name, value]) => [name, String(value)]);
  return { ...job.defaultArguments, ...Object.fromEntries(given) };
}

/**
 * What a run's arguments hand to the script: a URI of an object is read, one that ends in `/` is written below, and so
 * is the prefix that `--bucket` and `--prefix` name together.
 */
export function gluePlaces(run: JsonObject): JobPlaces {
  const args = objectAt(run, 'Arguments');
  const uris = Object.values(args)
    .flatMap((value) => String(value).split(','))
    .filter((text) => text.startsWith('s3://'));
  const [bucket, prefix] = [textAt(args, '--bucket'), textAt(args, '--prefix')];
  return {
    reads: uris.filter((uri) => !uri.endsWith('/')),
    writes: [
      ...uris.filter((uri) => uri.endsWith('/')),
      ...(bucket === undefined || prefix === undefined ? [] : [`s3://${bucket}/${prefix}`]),
    ],
  };
}

/** The job's script under the environment's Python, with the archives of `--extra-py-files` importable. */
export function glueProcess(shell: JobShell, job: DeployedGlueJob, run: JsonObject): ProcessOptions {
  const args = objectAt(run, 'Arguments');
  const id = textAt(run, 'Id') ?? '';
  const execution = textAt(args, '--execution') ?? 'unnamed';
  const archives = (textAt(args, '--extra-py-files') ?? '').split(',').filter((uri) => uri !== '');
  return {
    program: shell.python,
    args: [
      pathOfUri(shell, job.scriptUri),
      ...['--JOB_NAME', job.name, '--JOB_RUN_ID', id],
      ...Object.entries(args).flatMap(([name, value]) => [name, String(value)]),
    ],
    directory: shell.state.root,
    environment: {
      ...shell.machineEnvironment,
      PYTHONPATH: archives.map((uri) => pathOfUri(shell, uri)).join(':'),
      HUNDREDFOLD_OBJECT_ROOT: shell.objects.root,
      AWS_REGION: shell.region,
    },
    logFile: shell.state.executionOf(execution).jobLog(`${job.name}-${id.slice(0, 11)}`),
    onLine: (line) => shell.notify({ kind: 'job-progress', job: job.name, execution, line }),
  };
}
