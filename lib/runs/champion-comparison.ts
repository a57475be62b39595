import type { TrainingSetManifest } from '../contracts/manifest.ts';
import type { ChampionComparison } from '../contracts/model.ts';
import type { ModelVersion } from '../contracts/registry.ts';

/**
 * Whether a champion may be compared on a training set's test split. It was trained and tuned on labels that were
 * known until some time; that must not lie after the first label time of the test split, or it saw that future. And
 * the set must have every column that it reads. A set without test rows has no such time: then it is not compared.
 */
export function compareChampion(
  champion: ModelVersion | undefined,
  trainingSet: TrainingSetManifest,
): ChampionComparison {
  if (champion === undefined) return 'no-champion';
  const testFrom = trainingSet.splits.test.from;
  const { train, validation } = champion.trainingSet.splits;
  const known = [train.knownUntil, validation.knownUntil].filter((time) => time !== null);
  if (testFrom === null || known.some((time) => isAfter(time, testFrom))) return 'trained-on-this-future';
  return champion.inputSchema.every(({ name, type }) => hasColumn(trainingSet, name, type))
    ? 'compared'
    : 'missing-columns';
}

function hasColumn({ features }: TrainingSetManifest, name: string, type: string): boolean {
  return features.some((feature) => feature.name === name && feature.type === type);
}

/** Times are ISO 8601 UTC with microseconds, which `Date` would cut off; of one form, texts order as times do. */
function isAfter(time: string, other: string): boolean {
  return microsecondForm(time) > microsecondForm(other);
}

function microsecondForm(time: string): string {
  const [, seconds = time, fraction = ''] = /^(.*:\d\d)(?:\.(\d+))?(?:Z|\+00:00)$/.exec(time) ?? [];
  return `${seconds}.${fraction.padEnd(6, '0')}`;
}
