import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Synthesis {
  readonly context: Readonly<Record<string, unknown>>;
  readonly folder?: string;
}

/** Runs the app as the CDK CLI does, without an account, a region or credentials. */
function synthesize({ context, folder = ROOT }: Synthesis) {
  const outdir = mkdtempSync(join(tmpdir(), 'hundredfold-app-'));
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/app.ts')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
  });
  return { status, stderr, outdir };
}

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
});
