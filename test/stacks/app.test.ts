import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Synthesis {
  readonly context: Readonly<Record<string, unknown>>;
  readonly folder?: string;
  /** Where the package lies. */
  readonly root?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the app as the CDK CLI does, without an account, a region or credentials. */
function synthesize({ context, root = ROOT, folder = root, environment = {} }: Synthesis) {
  const outdir = mkdtempSync(join(tmpdir(), 'hundredfold-app-'));
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/app.ts')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      // No commit is known: what the work tree is at while tests run is not what they are about.
      GIT_DIR: join(outdir, 'no-repository'),
      ...environment,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  return { status, stderr, outdir };
}

/** Everything that is deployed: templates, and assets by the hashes of their contents. */
function deployed(outdir: string): Readonly<Record<string, string>> {
  const names = readdirSync(outdir).filter((name) => /\.(template|assets)\.json$/.test(name));
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(outdir, name), 'utf8')]));
}

/** The package in another folder, as on another machine. */
function packageElsewhere(): string {
  const root = mkdtempSync(join(tmpdir(), 'hundredfold elsewhere-'));
  for (const part of ['bin', 'data', 'dist/lambdas', 'examples', 'jobs', 'lib', 'stacks', 'package.json']) {
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

interface FlagReport {
  readonly type: string;
  readonly properties?: {
    readonly flags?: Readonly<Record<string, Flag>>;
  };
}

interface Flag {
  readonly userValue?: unknown;
  readonly recommendedValue?: unknown;
  readonly unconfiguredBehavesLike?: { readonly v2?: unknown };
}

/** Flags that the CDK CLI does not ask for any more. */
const OBSOLETE_FLAGS = [
  '@aws-cdk/core:enableStackNameDuplicates',
  '@aws-cdk/aws-s3:grantWriteWithoutAcl',
  '@aws-cdk/aws-kms:defaultKeyPolicies',
];

const CONTEXT = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context;

describe('the CDK app', () => {
  it('synthesizes the example without an account and without a warning', () => {
    const { status, stderr, outdir } = synthesize({ context: CONTEXT });

    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const metadata = readdirSync(outdir).filter((name) => name.endsWith('.metadata.json'));
    const warnings = metadata.filter((name) =>
      /aws:cdk:(warning|error)/.test(readFileSync(join(outdir, name), 'utf8')),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect({ stacks: metadata.length, warnings }).toEqual({ stacks: 6, warnings: [] });
    expect(report.pluginReports.flatMap(({ violations }: { violations: unknown[] }) => violations)).toEqual([]);
  });

  it('leaves no feature flag unanswered, so that the CDK CLI has nothing to remark', () => {
    const { outdir } = synthesize({ context: CONTEXT });

    const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    const reports = Object.values<FlagReport>(artifacts).filter(({ type }) => type === 'cdk:feature-flag-report');
    const flags = reports.flatMap(({ properties }) => Object.entries(properties?.flags ?? {}));
    const unanswered = flags.filter(
      ([, { userValue, unconfiguredBehavesLike, recommendedValue }]) =>
        userValue === undefined && (unconfiguredBehavesLike?.v2 ?? false) !== recommendedValue,
    );
    expect(flags.length).toBeGreaterThan(50);
    expect(unanswered.map(([name]) => name).filter((name) => !OBSOLETE_FLAGS.includes(name))).toEqual([]);
  });

  it('gives the same bytes on any machine: whatever folder, time zone, locale and feature flags', () => {
    const elsewhere = packageElsewhere();

    const here = synthesize({ context: CONTEXT, environment: { TZ: 'UTC', LC_ALL: 'C' } });
    const there = synthesize({
      root: elsewhere,
      folder: tmpdir(),
      context: { pipeline: join(elsewhere, CONTEXT.pipeline) },
      environment: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
    });
    rmSync(elsewhere, { recursive: true });

    expect({ status: there.status, stderr: there.stderr }).toEqual({ status: 0, stderr: '' });
    expect(Object.keys(deployed(here.outdir))).toHaveLength(12);
    expect(deployed(there.outdir)).toEqual(deployed(here.outdir));
  });

  it('says what to do where there is no pipeline', () => {
    const { status, stderr } = synthesize({ context: { pipeline: 'nowhere.ts' } });

    expect(status).toBe(1);
    expect(stderr).toContain('error: nowhere.ts cannot be loaded');
    expect(stderr).toContain('fix: name the module with --context pipeline=path/to/pipeline.ts');
  });

  it('says what to do where a module exports no pipeline', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hundredfold-pipeline-'));
    writeFileSync(join(folder, 'pipeline.mts'), 'export default 1;\n');

    const { status, stderr } = synthesize({ context: { pipeline: 'pipeline.mts' }, folder });

    expect(status).toBe(1);
    expect(stderr).toContain('error: pipeline.mts exports no pipeline as its default');
  });

  it('refuses a pipeline above its budget in one calm message, and leaves what can be reviewed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hundredfold-stingy-'));
    const stingy = `import flights from ${JSON.stringify(join(ROOT, 'examples/flights/pipeline.ts'))};
      export default { ...flights, bounds: { ...flights.bounds, run: 1_000_000_000_000n } };`;
    writeFileSync(join(folder, 'pipeline.ts'), stingy);
    const { status, stderr, outdir } = synthesize({ context: { ...CONTEXT, pipeline: 'pipeline.ts' }, folder });
    rmSync(folder, { recursive: true });

    expect(status).toBe(1);
    expect(stderr).toContain('its budget is $1.00');
    expect(stderr).not.toContain('node:internal');
    expect(readdirSync(outdir)).toContain('manifest.json');
    rmSync(outdir, { recursive: true });
  });
});
