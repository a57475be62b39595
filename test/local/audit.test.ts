import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditReport } from '../../lib/contracts/audit.ts';
import { readRunReport } from '../../local/run-report.ts';
import { stateDirectory } from '../../local/state/state-directory.ts';
import { LocalProject } from '../support/local-project.ts';

// Level: end to end, in the checkout. Which leaks are found and how they are told is in jobs/tests.

const LONG = 300_000;
const READS_PROGRAM = 'read_training_set_program(json.loads(storage.read_bytes(arguments.program)))';

/** From now on the job that builds training sets takes rows for known when they happen: the rest of it is as it was. */
function ignoreKnownTimes(project: LocalProject): void {
  const { assembly } = stateDirectory(project.folder);
  const scripts = readdirSync(assembly)
    .filter((name) => name.startsWith('asset.') && name.endsWith('.py'))
    .map((name) => join(assembly, name));
  const script = scripts.find((path) => readFileSync(path, 'utf8').startsWith('"""The training-set job'));
  if (script === undefined) throw new Error('the assembly has no training-set job');
  const text = readFileSync(script, 'utf8');
  expect(text).toContain(READS_PROGRAM);
  const planted = `def leaky(program):
    for view in program["views"]:
        sql = view["events"]["duckdb"]
        view["events"]["duckdb"] = f"SELECT * REPLACE (event_time AS known_time) FROM ({sql}) AS early"
    return program


def read_job(`;
  writeFileSync(
    script,
    text
      .replace(READS_PROGRAM, READS_PROGRAM.replace('(json', '(leaky(json').concat(')'))
      .replace('def read_job(', planted),
  );
}

test('a set with a leak is refused before anything is trained, and told with the row that leaked', {
  timeout: LONG,
}, async () => {
  const project = await LocalProject.create();
  await project.land(1, 12);

  const { outcome, jobs } = await project.run({
    onMessage: (message) => {
      if (message.kind === 'state-entered' && message.state === 'Build training set') ignoreKnownTimes(project);
    },
  });

  const [run] = outcome.runs;
  if (run === undefined) throw new Error('nothing ran');
  expect(run.reason).toBeNull();
  expect(run).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'refused' } });
  expect(jobs).toEqual(['ingest', 'training-set', 'audit']);
  expect(Object(run.output).reasons[0]).toMatch(
    /^depot_delays__parcels_6h at 2001-.*: known times are ignored; the row of .* was known only at /,
  );
  const { audit, receipt } = await readRunReport(project.folder, run);
  expect(audit).toMatchObject({ passed: false, rows: { audited: 1_000 } });
  expect(receipt?.states?.map(({ state }) => state)).toContain('Audit training set');

  const again = await project.run();
  expect(again.jobs).toEqual([]);
  expect(again.outcome.runs).toMatchObject([{ output: { outcome: 'refused', reasons: Object(run.output).reasons } }]);

  const [fingerprint = ''] = await readdir(join(project.lake, 'training-sets/parcels'));
  const uri = `s3://parcels-data-000000000000-us-east-1/training-sets/parcels/${fingerprint}/manifest.json`;
  const told = await project.command(['audit', 'training-set', uri, '--rows', '50', '--json']);
  expect(told.exitCode, told.errors).toBe(3);
  const report: AuditReport = JSON.parse(told.output);
  expect(report).toMatchObject({ trainingSet: uri, passed: false, rows: { audited: 50 } });

  // Somebody else’s set, with columns of its own.
  const file = join(project.folder, 'other.csv');
  writeFileSync(file, 'at,depot,n\n2001-01-10T11:00:00Z,D1,5\n');
  const missing = await project.command(['audit', 'training-set', 'other.csv']);
  expect(missing.exitCode).toBe(1);
  expect(missing.errors).toMatch(/the set lacks .*it has at, depot, n/);
  const foreign = ['audit', 'training-set', 'other.csv', '--label-time', 'at'];
  const audited = await project.command([...foreign, '--columns', 'depot_delays__parcels_6h=n']);
  expect(audited.exitCode, audited.errors).toBe(3);
  expect(audited.output).toContain('audited 1 rows x 1 features: ');
});
