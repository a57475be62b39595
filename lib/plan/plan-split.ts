import type { SplitProgram } from '../contracts/job-program.ts';
import type { Split } from '../definition/split.ts';
import { assertNever } from '../errors/fault.ts';

/** The split as the jobs know it. */
export function planSplit(split: Split): SplitProgram {
  const { train, validation, test } = split;
  switch (split.kind) {
    case 'by-time':
      return { kind: 'by-time', train, validation, test, embargoMicroseconds: split.embargo ?? 0 };
    case 'by-entity':
      return { kind: 'by-entity', entity: split.entity, train, validation, test };
    default:
      return assertNever(split);
  }
}
