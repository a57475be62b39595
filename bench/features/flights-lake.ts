import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import flightDelays from '../../examples/flights/pipeline.ts';
import type { IngestProgram } from '../../lib/contracts/job-program.ts';
import type { IngestInputs, IngestReport, LandingUnit, QualityReport } from '../../lib/contracts/manifest.ts';
import {
  curatedAttemptPrefix,
  ingestAttemptPrefix,
  quarantineAttemptPrefix,
  rawPrefix,
  unitManifestKey,
} from '../../lib/contracts/object-keys.ts';
import { must } from '../../lib/errors/fault.ts';
import { fingerprint } from '../../lib/plan/fingerprint.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { type Programs, renderPrograms } from '../../lib/render/programs.ts';
import { batchFingerprint } from '../../lib/runs/stage-fingerprints.ts';
import { requirePublishable, unitManifest } from '../../lib/runs/unit-publication.ts';
import type { Measurement } from '../measure.ts';
import { BUCKET, type Lake, objectPath, readDocument } from './lake.ts';
import { step, type Workplace } from './workplace.ts';

const ATTEMPT = 'bench';

/** What the flights example's definition compiles to. */
export const flightsPrograms = (): Programs => renderPrograms(must(makePlan(flightDelays).value, 'a sound definition'));

const SOURCE = flightDelays.label.source.name;
const reportsOf = (batch: string): string => ingestAttemptPrefix(flightDelays.name, batch, ATTEMPT);

/** Lands the flights as `npm start` does. */
export async function landFlights(place: Workplace, root: string): Promise<void> {
  const script = join(place.root, 'examples/flights/land.py');
  const fewer = place.small ? ['--rows', '800'] : [];
  const landing = objectPath({ root }, rawPrefix(SOURCE));
  await step(place, 'landing flights', [place.python.flights, script, '--to', landing, ...fewer]);
}

/** The landed days as the units of one ingest job. */
export function landedUnits(root: string): IngestInputs {
  const landing = objectPath({ root }, rawPrefix(SOURCE));
  const units = readdirSync(landing)
    .toSorted()
    .map((unit): LandingUnit => {
      const objects = readdirSync(join(landing, unit)).map((file) => {
        const content = readFileSync(join(landing, unit, file));
        const etag = createHash('md5').update(content).digest('hex');
        return { key: `${rawPrefix(SOURCE)}${unit}/${file}`, size: content.byteLength, etag };
      });
      return { source: SOURCE, unit, objects, fingerprint: fingerprint({ unit, objects }) };
    });
  return { version: 2, batch: batchFingerprint(units.map((unit) => unit.fingerprint)), units };
}

/** Ingests the landed days by the deployed script. */
export async function ingest(
  place: Workplace,
  root: string,
  inputs: IngestInputs,
  env: NodeJS.ProcessEnv = {},
): Promise<Measurement> {
  const { ingest: program } = flightsPrograms();
  const [programKey, inputsKey] = ['ingest-program.json', 'ingest-inputs.json'];
  // The checks hold for whole days.
  writeFileSync(objectPath({ root }, programKey), JSON.stringify(place.small ? withoutChecks(program) : program));
  writeFileSync(objectPath({ root }, inputsKey), JSON.stringify(inputs));
  const given = {
    program: `s3://${BUCKET}/${programKey}`,
    inputs: `s3://${BUCKET}/${inputsKey}`,
    reports: `s3://${BUCKET}/${reportsOf(inputs.batch)}`,
    curated: `s3://${BUCKET}/${curatedAttemptPrefix(SOURCE, inputs.batch, ATTEMPT)}`,
    quarantine: `s3://${BUCKET}/${quarantineAttemptPrefix(SOURCE, inputs.batch, ATTEMPT)}`,
    attempt: ATTEMPT,
    engine: 'duckdb',
    execution: ATTEMPT,
  };
  const command = [
    place.python.run,
    join(place.root, 'jobs/glue/ingest.py'),
    ...Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]),
  ];
  return step(place, `ingesting ${inputs.units.length} days`, command, {
    env: { HUNDREDFOLD_OBJECT_ROOT: root, ...env },
  });
}

const withoutChecks = ({ sources, ...program }: IngestProgram): IngestProgram => ({
  ...program,
  sources: sources.map((source) => ({ ...source, checks: [] })),
});

/** Publishes what was ingested, as the handler of the state `Publish partitions` does. */
export function publishFlights(root: string, { batch }: IngestInputs, slot: string): Lake {
  const report = readDocument<IngestReport>({ root }, `${reportsOf(batch)}report.json`);
  const verdict = readDocument<QualityReport>({ root }, `${reportsOf(batch)}quality.json`);
  requirePublishable(report, verdict, { batch, attempt: ATTEMPT });
  const units = report.units.map((unit) => {
    const manifest = unitManifestKey(SOURCE, unit.unit, unit.fingerprint);
    mkdirSync(dirname(objectPath({ root }, manifest)), { recursive: true });
    writeFileSync(objectPath({ root }, manifest), JSON.stringify(unitManifest(report, unit)));
    return { source: SOURCE, unit: unit.unit, manifest };
  });
  return { root, source: SOURCE, slot, units };
}

/** Two days after the last flight: all of them have landed. */
export const FLIGHTS_SLOT = '2001-07-03T00:00:00Z';

/** All flights, landed, ingested and published. */
export async function flightsLake(place: Workplace): Promise<Lake> {
  const root = join(place.folder, 'flights');
  mkdirSync(join(root, BUCKET), { recursive: true });
  await landFlights(place, root);
  const inputs = landedUnits(root);
  await ingest(place, root, inputs);
  return publishFlights(root, inputs, FLIGHTS_SLOT);
}
