import type { ResourceNames } from './resource-names.ts';

/**
 * Families whose instances bring encrypted local disks: they take no volume key and ignore the volume's size.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html (2026-11-20).
 */
const WITH_LOCAL_DISKS = /^ml\.(?:[a-z]+\d[a-z]*d[a-z]*|g[456]e?|p[345][a-z]*|trn\d[a-z]*)\./;

/** One instance with a volume: literals all, for each of them costs money. */
export function instanceOf(
  names: ResourceNames,
  { instance, volumeGb }: { readonly instance: string; readonly volumeGb: number },
) {
  const cluster = { InstanceType: instance, InstanceCount: 1, VolumeSizeInGB: volumeGb };
  return WITH_LOCAL_DISKS.test(instance) ? cluster : { ...cluster, VolumeKmsKeyId: names.key };
}
