import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** How a command of the installed package ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Told everything that the command writes, as it comes; may kill the whole process group. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/**
 * A user's folder: pipeline, app and the packed package installed into node_modules, as `npm pack` makes it. Other
 * packages are linked to this checkout's, so that nothing is downloaded.
 */
export class InstalledProject {
  readonly folder: string;
  readonly raw: string;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'project-'));
    cpSync(join(root, 'test/end-to-end/project'), this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'deliveries', type: 'module' }));
    this.#install();
    this.raw = join(this.folder, '.hundredfold/s3/late-deliveries-data-000000000000-us-east-1/raw/deliveries');
  }

  #install(): void {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', this.folder], {
      cwd: root,
      encoding: 'utf8',
    });
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules);
    const archive = packed.trim().split('\n').at(-1) ?? '';
    execFileSync('tar', ['-xzf', join(this.folder, archive), '-C', modules]);
    execFileSync('mv', [join(modules, 'package'), join(modules, 'hundredfold')]);
    const shipped = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const names = Object.keys(shipped.dependencies).map((name) =>
      name.startsWith('@') ? (name.split('/')[0] ?? name) : name,
    );
    for (const name of new Set([...names, 'node'])) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }

  /** Runs the installed command line to its end. */
  run(args: readonly string[], { env = {}, onOutput }: StartOptions = {}): Promise<CommandResult> {
    const bin = join(this.folder, 'node_modules/hundredfold/bin/hundredfold.mjs');
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(child.pid, signal);
    };
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      onOutput?.(chunk.toString(), kill);
    });
    return new Promise((done, fail) => {
      child.on('error', fail).on('close', (exitCode) => done({ exitCode, output, errors }));
    });
  }

  /** Lands a day's export; the text replaces what is there. */
  land(day: string, text: string | Uint8Array): void {
    mkdirSync(join(this.raw, day), { recursive: true });
    writeFileSync(join(this.raw, day, 'deliveries.csv'), text);
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const HEADER = 'promised_at,shop,minutes_late,items';
const ROWS_A_DAY = 240;
const SHOPS = 6;

/** A day's deliveries: deterministic, with shops whose lateness drifts, so that yesterday's lateness tells something. */
export function deliveriesOf(day: string): string {
  const start = Date.parse(`${day}T00:00:00Z`);
  const number = start / 86_400_000;
  const rows = Array.from({ length: ROWS_A_DAY }, (_, row) => {
    const shop = row % SHOPS;
    const mood = Math.sin((number + shop * 3) / 2.5) * 12;
    const noise = ((row * 7_919 + number * 104_729) % 23) - 11;
    const at = new Date(start + row * 360_000).toISOString().replace('.000Z', '+00:00');
    return `${at},shop ${shop},${Math.round(mood + noise)},${1 + (row % 5)}`;
  });
  return `${HEADER}\n${rows.join('\n')}\n`;
}

/** ISO days from the first on. */
export function daysFrom(first: string, count: number): readonly string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(start + index * 86_400_000).toISOString().slice(0, 10));
}
