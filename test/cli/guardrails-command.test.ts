import { describe, expect, it } from 'vitest';
import { guardrailsCommand } from '../../cli/guardrails-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('hundredfold guardrails', () => {
  it('takes no words beside its options', async () => {
    const terminal = { write: () => undefined, report: () => undefined, isInteractive: false, columns: 80 };
    const context = { directory: await temporaryFolder(), terminal };

    await expect(guardrailsCommand.execute(['scp'], context)).rejects.toMatchObject({ code: 'usage' });
  });
});
