import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COST_OPTIONS } from '../../cli/cost-options.ts';
import { ACCEPTABLE_ASSUMPTIONS } from '../../lib/cost/cost-context.ts';
import { COST_DIAGNOSTICS } from '../../lib/cost/cost-diagnostic.ts';

const text = readFileSync(resolve(import.meta.dirname, '../../docs/cost.md'), 'utf8');

describe('the page on costs', () => {
  it('has every diagnostic, with what it means', () => {
    const rows = text.slice(text.indexOf('## Diagnostics')).matchAll(/^\| `([^`]+)` \| (.+) \| (.+) \|$/gm);

    expect([...rows].map(([, code, kind, summary]) => [code, kind, summary])).toEqual(
      Object.entries(COST_DIAGNOSTICS).map(([code, { kind, summary }]) => [code, kind, summary]),
    );
  });

  it('has every option of the command, and no other', () => {
    const table = text.slice(text.indexOf('## The command'), text.indexOf('| exit code'));

    expect([...table.matchAll(/`--([a-z-]+)/g)].map(([, name]) => name).toSorted()).toEqual(
      Object.keys(COST_OPTIONS).toSorted(),
    );
  });

  it('has every assumption that can be accepted', () => {
    for (const [name, meaning] of Object.entries(ACCEPTABLE_ASSUMPTIONS)) {
      expect(text).toContain(`| \`${name}\` | ${meaning}`);
    }
  });
});
