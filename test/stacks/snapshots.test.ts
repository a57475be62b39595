import { describe, expect, it } from 'vitest';
import { normaliseTemplate } from '../../lib/constructs/normalise-template.ts';
import { synthesized } from '../support/synthesized-example.ts';

describe('the templates of the flights example', () => {
  it.each(synthesized())('show every change of $name', async ({ name, template }) => {
    const text = `${JSON.stringify(normaliseTemplate(template), undefined, 2)}\n`;

    await expect(text).toMatchFileSnapshot(`__snapshots__/${name}.json`);
  });
});
