import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly rule: { readonly name: string } }[];
  };
}

const root = resolve(import.meta.dirname, '../..');
const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const folders = ['bin', 'cli', 'lib', 'stacks', 'lambdas', 'local', 'examples'];

function cruise(directory: string, places: readonly string[]): Cruise {
  const run = spawnSync(process.execPath, [depcruise, ...places, '--config', '.dependency-cruiser.mjs', '-T', 'json'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return JSON.parse(run.stdout) as Cruise;
}

const violated = (result: Cruise): readonly string[] => [
  ...new Set(result.summary.violations.map((violation) => violation.rule.name)),
];

describe('the dependency rules', () => {
  const canary = mkdtempSync(join(tmpdir(), 'canary-'));
  afterAll(() => rmSync(canary, { recursive: true }));

  it('hold for the house, which is really read', () => {
    const result = cruise(root, [...folders, 'scripts']);

    expect(result.summary.totalCruised).toBeGreaterThan(100);
    expect(result.summary.violations).toEqual([]);
  }, 120_000);

  it('report each violation planted in the canary', () => {
    cpSync(join(import.meta.dirname, 'canary'), canary, { recursive: true });
    for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
      copyFileSync(join(root, file), join(canary, file));
    symlinkSync(join(root, 'node_modules'), join(canary, 'node_modules'));

    expect(violated(cruise(canary, ['bin', 'cli', 'lib', 'lambdas', 'local']))).toEqual(
      expect.arrayContaining([
        'no-cycles',
        'core-has-no-cloud',
        'core-has-no-effects',
        'hashing-in-one-place',
        'lib-never-looks-outward',
        'units-imports-only-inward',
        'cost-imports-only-inward',
        'cdk-stays-put',
        'lambdas-import-pure-lib-only',
        'lambdas-do-not-import-each-other',
        'local-does-not-know-the-cli',
        'local-reads-artifacts',
        'bin-is-one-line-deep',
      ]),
    );
  }, 120_000);

  it('are not satisfied by reading nothing', () => {
    expect(() =>
      execFileSync(process.execPath, [depcruise, 'no-such-folder', '--config', '.dependency-cruiser.mjs'], {
        cwd: root,
        stdio: 'pipe',
      }),
    ).toThrow();
  }, 60_000);
});
