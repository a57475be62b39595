/** Writes test/fixtures anew: `node test/support/write-program-fixtures.ts`, then review the difference. */
import { writeFileSync } from 'node:fs';
import { programFixtures } from './program-fixtures.ts';

for (const [name, text] of Object.entries(programFixtures()))
  writeFileSync(new URL(`../fixtures/${name}`, import.meta.url), text);
