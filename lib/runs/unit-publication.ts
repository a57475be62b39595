import type { IngestReport, QualityReport, UnitManifest, UnitReport } from '../contracts/manifest.ts';
import { Fault } from '../errors/fault.ts';
import { UserError } from '../errors/user-error.ts';
import { batchFingerprint } from './stage-fingerprints.ts';

/**
 * Refuses what must not be published: a batch that failed a check.
 * @throws UserError `quality-not-passed`
 * @throws Fault where the report is not of this attempt
 */
export function requirePublishable(
  report: IngestReport,
  verdict: Pick<QualityReport, 'passed' | 'failures'>,
  asked: { readonly batch: string; readonly attempt: string },
): void {
  const { batch, attempt } = report;
  if (batch !== asked.batch || attempt !== asked.attempt) {
    throw new Fault(`the report is of ${batch}/${attempt}, not of ${asked.batch}/${asked.attempt}`);
  }
  if (batchFingerprint(report.units.map((unit) => unit.fingerprint)) !== batch) {
    throw new Fault(`the units of the report do not make up batch ${batch}`);
  }
  const failed = report.units.flatMap(({ source, unit, checks }) =>
    checks.filter(({ passed }) => !passed).map(({ name, measure }) => `${source}/${unit}: ${name} was ${measure}`),
  );
  if (verdict.passed && failed.length === 0) return;
  const failures = verdict.failures.length > 0 ? verdict.failures : failed;
  throw new UserError({
    code: 'quality-not-passed',
    message: `nothing is published of batch ${batch}: ${failures.slice(0, 10).join('; ')}`,
    resolution: 'correct the landing files or the checks, then start the slot again',
  });
}

/** The manifest that publishes a unit of the report. */
export function unitManifest({ batch, attempt }: IngestReport, unit: UnitReport): UnitManifest {
  return {
    version: 1,
    source: unit.source,
    unit: unit.unit,
    fingerprint: unit.fingerprint,
    batch,
    attempt,
    rows: unit.accepted,
    quarantined: unit.quarantined,
    files: unit.files,
    quarantineFiles: unit.quarantineFiles,
  };
}

/** A partition of the catalog's table: one day of one landing unit. */
export interface CatalogPartition {
  readonly unit: string;
  readonly day: string;
  /** Key prefix of its files, ending in `/`. */
  readonly prefix: string;
}

/** The partitions that other engines see once the unit is published, by day. */
export function partitionsOf({ unit, files }: UnitManifest): readonly CatalogPartition[] {
  const prefixes = new Map(files.map(({ day, key }) => [day, key.slice(0, key.lastIndexOf('/') + 1)]));
  return [...prefixes].map(([day, prefix]) => ({ unit, day, prefix })).toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

/** Partitions of former publications of a unit that its present one does not have. */
export function stalePartitions(present: UnitManifest, former: readonly UnitManifest[]): readonly CatalogPartition[] {
  const days = new Set(present.files.map(({ day }) => day));
  const stale = new Map(
    former
      .flatMap(partitionsOf)
      .filter(({ day }) => !days.has(day))
      .map((partition) => [partition.day, partition]),
  );
  return [...stale.values()];
}
