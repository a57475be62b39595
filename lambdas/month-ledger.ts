import type { Ledger } from '../lib/contracts/ledger.ts';
import { ledgerKey } from '../lib/contracts/object-keys.ts';
import { ledgerReader } from '../lib/runs/documents.ts';
import { LOST, untilWon } from './contention.ts';
import { createDocument, findDocument, replaceDocument } from './object-store.ts';

/** Where a month's ledger lies, and what it is before anything was reserved. */
export interface LedgerPlace {
  readonly bucket: string;
  readonly pipeline: string;
  readonly month: string;
}

const locationOf = ({ bucket, pipeline, month }: LedgerPlace) => ({ bucket, key: ledgerKey(pipeline, month) });

export async function findLedger(place: LedgerPlace): Promise<Ledger | undefined> {
  return (await findDocument(ledgerReader, locationOf(place)))?.value;
}

/** A decision over a ledger: with no ledger in it, nothing is written. */
export interface LedgerChange<Result> {
  readonly ledger?: Ledger;
  readonly result: Result;
}

/**
 * Decides over the ledger of the moment and writes what was decided, again from the start whenever another writer was
 * faster. `decide` sees undefined where the month has no ledger yet.
 */
export function changeLedger<Result>(
  place: LedgerPlace,
  decide: (ledger: Ledger | undefined) => Promise<LedgerChange<Result>>,
): Promise<Result> {
  const location = locationOf(place);
  return untilWon(location.key, async () => {
    const stored = await findDocument(ledgerReader, location);
    const { ledger, result } = await decide(stored?.value);
    if (ledger === undefined) return result;
    const written =
      stored === undefined
        ? await createDocument(location, ledger)
        : await replaceDocument(location, ledger, stored.etag);
    return written === 'created' || written === 'replaced' ? result : LOST;
  });
}
