import { benchBytes } from './features/bytes.ts';
import { benchFlights } from './features/flights.ts';
import { benchLatest } from './features/latest.ts';
import { benchMemory } from './features/memory.ts';
import { benchOneMoreWindow, benchWindows } from './features/windows.ts';
import { type FeatureBenchOptions, inWorkplace, type Workplace } from './features/workplace.ts';
import type { Figure } from './figure.ts';

const PARTS: Readonly<Record<string, (place: Workplace) => Promise<readonly Figure[]>>> = {
  windows: benchWindows,
  latest: benchLatest,
  'one-more-window': benchOneMoreWindow,
  flights: benchFlights,
  bytes: benchBytes,
  memory: benchMemory,
};

/** Names of the parts of `features`, as the command line gives them: `features:windows`. */
export const FEATURE_PARTS: readonly string[] = Object.keys(PARTS);

/** Training sets against what others build them with: one part, in a folder of its own. */
export function benchFeatures(root: string, part: string, options: FeatureBenchOptions): Promise<readonly Figure[]> {
  const bench = PARTS[part];
  if (bench === undefined) throw new Error(`no part ${part} of features; there are ${FEATURE_PARTS.join(', ')}`);
  return inWorkplace(root, options, bench);
}
