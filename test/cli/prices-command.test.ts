import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pricesCommand } from '../../cli/prices-command.ts';
import { PRICED_SERVICES } from '../../lib/cost/prices/price-selection.ts';
import { offerFile } from '../support/offer-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function priceListFolder(directory: string): Promise<string> {
  const folder = join(directory, 'list');
  await mkdir(folder);
  for (const service of PRICED_SERVICES) {
    const products = service === 'AWSGlue' ? [{ usageType: 'EUW1-ETL-DPU-Hour', usd: '0.44' }] : [];
    await writeFile(join(folder, `${service}.json`), JSON.stringify(offerFile(service, products)));
  }
  return folder;
}

async function execute(directory: string, ...args: readonly string[]) {
  let output = '';
  const terminal = {
    write: (text: string) => {
      output += text;
    },
    report: () => undefined,
    isInteractive: false,
    columns: 100,
  };
  const exitCode = await pricesCommand.execute(args, { directory, terminal });
  return { exitCode, output };
}

describe('hundredfold prices', () => {
  it('shows the shipped book of a region, and says how to get another', async () => {
    const folder = await temporaryFolder();
    const { exitCode, output } = await execute(folder, '--json');

    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ version: 1, region: 'us-east-1', currency: 'USD' });
    await expect(execute(folder, '--region', 'eu-west-1')).rejects.toMatchObject({
      message: expect.stringContaining('hundredfold prices refresh --region eu-west-1'),
    });
  });

  it.each(['', '../../us-east-1', 'us east'])('takes %j for no region', async (region) => {
    for (const verb of [[], ['refresh', '--from', '.']]) {
      await expect(execute(await temporaryFolder(), ...verb, '--region', region)).rejects.toMatchObject({
        code: 'invalid-option',
      });
    }
  });

  it('writes a book from offer files, which the project has from then on', async () => {
    const folder = await temporaryFolder();
    const from = await priceListFolder(folder);
    const args = ['refresh', '--region', 'eu-west-1', '--from', from];

    await execute(folder, ...args, '--dry-run');
    expect(existsSync(join(folder, 'prices'))).toBe(false);
    const { output } = await execute(folder, ...args, '--json');
    expect(JSON.parse(output)).toMatchObject({
      path: 'prices/eu-west-1.json',
      changes: [{ kind: 'added', usd: '0.44' }],
    });
    expect(JSON.parse(await readFile(join(folder, 'prices/eu-west-1.json'), 'utf8'))).toMatchObject({
      region: 'eu-west-1',
    });
    expect((await execute(folder, '--region', 'eu-west-1')).output).toContain('$0.44');
  });

  it('changes nothing where a file is missing or cut off', async () => {
    const folder = await temporaryFolder();
    const from = await priceListFolder(folder);
    await writeFile(join(from, 'AWSGlue.json'), '{"products":');
    const args = ['refresh', '--region', 'eu-west-1', '--from', from];

    await expect(execute(folder, ...args)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(execute(folder, 'refresh', '--from', join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'unreachable-price-list',
    });
    expect(existsSync(join(folder, 'prices'))).toBe(false);
  });
});
