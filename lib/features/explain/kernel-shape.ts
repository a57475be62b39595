import type { AggregateKind, FeatureViewProgram } from '../../contracts/job-program.ts';
import { assertNever } from '../../errors/fault.ts';

/**
 * The shape that the timeline kernel computes an aggregate by, over ranges of label positions (`jobs/core`): what can be
 * undone by prefix sums, the newest row where rows leave in their order by a staircase, the rest by what covers.
 */
export function kernelShape(kind: AggregateKind, { timeless, corrects }: FeatureViewProgram): string {
  if (timeless) return 'look-up by key';
  switch (kind) {
    case 'count':
    case 'sum':
    case 'mean':
    case 'share':
    case 'variance':
      return 'prefix sums';
    case 'min':
    case 'max':
    case 'first':
      return 'greatest cover';
    case 'last':
    case 'latest':
      return corrects ? 'greatest cover' : 'staircase';
    case 'last-n':
      return corrects ? 'wavelet matrix' : 'n staircases';
    case 'quantile':
      return 'wavelet matrix';
    case 'count-distinct':
      return 'union of ranges';
    default:
      return assertNever(kind);
  }
}
