import { describe, expect, it } from 'vitest';
import { renderReceiptTable } from '../../cli/receipt-table.ts';
import type { Receipt } from '../../lib/contracts/ledger.ts';

const RECEIPT: Receipt = {
  version: 1,
  execution: '2001-07-01T08-00-00Z-0',
  definitionDigest: 'abcdef0123456789'.repeat(4),
  boundUsd: '5.3',
  billedUsd: '0.083',
  states: [
    { state: 'Ingest and check', boundUsd: '1.54', billedUsd: '0.0428' },
    { state: 'Train trial', boundUsd: null, billedUsd: '0.02' },
    { state: 'run', boundUsd: '0.02', billedUsd: '0.0194' },
  ],
  lines: [],
  complete: true,
  open: [],
  assumed: ['transitions', 'lambda'],
};

describe('the table of a receipt', () => {
  it('sets bound and billed of each state side by side, and ends in the whole run', () => {
    expect(renderReceiptTable(RECEIPT)).toBe(
      [
        'cost on AWS                       bound   billed',
        'Ingest and check                  $1.54  $0.0428',
        'Train trial                   not known  $0.0200',
        'everything else, at its most    $0.0200  $0.0194',
        'the run                           $5.30  $0.0830',
        'the bound is that of definition abcdef012345',
      ].join('\n'),
    );
  });

  it('is left out where a receipt of an earlier version has no amounts by state', () => {
    const { states: _, ...old } = RECEIPT;

    expect(renderReceiptTable(old)).toBeUndefined();
  });
});
