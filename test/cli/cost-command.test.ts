import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costCommandOf } from '../../cli/cost-command.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { usd } from '../../lib/units/usd.ts';
import { assessmentOf, problem, refusedAssessment, runTree } from '../support/assessments.ts';
import { runCost, stackArtifact, writeFiles } from '../support/cost-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const TEMPLATE = { Resources: { Machine: { Type: 'AWS::StepFunctions::StateMachine' } } };
const SHIPPED = readFileSync(resolve(import.meta.dirname, '../../data/prices/us-east-1.json'), 'utf8');

/** A folder with an assembly of one stack. */
async function projectFolder(files: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await temporaryFolder();
  writeFiles(folder, {
    'cdk.out/manifest.json': { artifacts: { app: stackArtifact('app') } },
    'cdk.out/app.template.json': TEMPLATE,
    ...files,
  });
  return folder;
}

interface JsonReview {
  readonly verdict: string;
  readonly run: { readonly usd: string | null };
  readonly diagnostics: readonly { readonly code: string; readonly path: string; readonly message: string }[];
}

interface SarifLog {
  readonly runs: readonly [
    { readonly results: readonly { readonly locations: readonly [{ readonly physicalLocation: unknown }] }[] },
  ];
}

// The document is what is tested.
const read = (output: string): JsonReview => JSON.parse(output) as JsonReview;
const problemsOf = (output: string): readonly string[] =>
  read(output).diagnostics.map(({ code, path }) => `${code} ${path}`);

describe('hundredfold cost', () => {
  it('exits 0 within the budgets, 3 above one or without a bound, 1 where the input is bad', async () => {
    const folder = await projectFolder();
    const exitOf = async (assessment: ReturnType<typeof assessmentOf>) =>
      (await runCost(folder, ['--app', 'cdk.out'], () => assessment)).exitCode;

    expect(await exitOf(assessmentOf())).toBe(0);
    expect(await exitOf(assessmentOf(runTree({ workers: 20 })))).toBe(3);
    expect(await exitOf(refusedAssessment(problem('missing-limit')))).toBe(3);
    expect(await exitOf(refusedAssessment(problem('missing-limit'), problem('malformed-definition')))).toBe(1);
  });

  it('passes on what was asked: budgets, parameters, quantities, assumptions, spot, and the day', async () => {
    const folder = await projectFolder();
    const options = ['--budget=6.5', '--month-budget', '200', '--parameter', 'Workers=5', '--parameter=app/Zone=a=b'];
    const more = ['--quantity', 'log-gigabytes=1.5', '--accept', 'service-defaults', '--accept', 'free-create-errors'];
    const spot = [
      '--interruptions-per-hour',
      '0.05',
      '--spot-saving',
      '0.7',
      '--checkpoint-seconds',
      '60',
      '--restart-seconds',
      '90',
    ];

    const { requests } = await runCost(folder, ['--app', 'cdk.out', ...options, ...more, ...spot]);

    expect(requests).toMatchObject([
      {
        stacks: [{ stack: 'app', template: TEMPLATE }],
        book: { region: 'us-east-1' },
        budget: { run: usd('6.5'), month: usd('200') },
        parameters: { Workers: '5', 'app/Zone': 'a=b' },
        quantities: { 'log-gigabytes': 1.5 },
        accepted: new Set(['service-defaults', 'free-create-errors']),
        spot: { interruptionsPerHour: 0.05, saving: 0.7, checkpointSeconds: 60, restartSeconds: 90 },
        today: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
    ]);
  });

  it('says everything that is wrong with its options at once', async () => {
    const folder = await projectFolder();
    const options = ['--budget', '$6', '--month-budget', '-1', '--accept', 'luck', '--quantity', 'logs=many'];
    const more = ['--parameter', 'Workers', '--parameter', 'A=1', '--parameter', 'A=2', '--spot-saving', '1'];

    const { exitCode, output } = await runCost(folder, ['--app', 'cdk.out', '--json', '--sarif', ...options, ...more]);

    expect(exitCode).toBe(1);
    const places = ['--budget', '--month-budget', '--parameter', '--parameter', '--quantity logs', '--accept'];
    expect(problemsOf(output)).toEqual(
      [...places, '--spot-saving', '--json, --markdown, --sarif'].map((at) => `invalid-option ${at}`),
    );
  });

  it('answers in one JSON document also where the command line cannot be understood', async () => {
    const folder = await projectFolder();

    for (const args of [['--budgte', '6'], ['--budget'], ['somewhere']]) {
      const { exitCode, output } = await runCost(folder, ['--json', ...args]);
      expect(exitCode).toBe(1);
      expect(read(output)).toMatchObject({
        verdict: 'unbounded',
        run: { usd: null },
        diagnostics: [{ code: 'invalid-option' }],
      });
    }
    await expect(runCost(folder, ['--budgte', '6'])).rejects.toThrow(UserError);
  });

  it('has help with its options, exit codes and an example', () => {
    const help = costCommandOf(() => assessmentOf()).help();

    expect(help).toContain('usage: hundredfold cost [OPTIONS]');
    expect(help).toContain('exit codes: 0 bounded');
    expect(help).toContain('example: npx hundredfold cost');
  });
});

describe('what hundredfold cost reads', () => {
  it('are all stacks of an assembly, nested stages included, with the texts of definitions in S3', async () => {
    const location = { Properties: { DefinitionS3Location: { Bucket: 'assets', Key: 'd.json' } } };
    const folder = await projectFolder({
      'cdk.out/manifest.json': {
        artifacts: {
          app: stackArtifact('app'),
          stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 's' } },
        },
      },
      'cdk.out/s/manifest.json': {
        artifacts: {
          'stage-work': {
            ...stackArtifact('work'),
            properties: { templateFile: 'work.template.json', stackName: 'Work' },
          },
        },
      },
      'cdk.out/s/work.template.json': { Resources: { Machine: location } },
      'cdk.out/s/stage-work.assets.json': {
        files: {
          definition: {
            source: { path: 'asset.d.json', packaging: 'file' },
            destinations: { here: { objectKey: 'd.json' } },
          },
          folder: { source: { path: 'asset.f', packaging: 'zip' }, destinations: { here: { objectKey: 'f.zip' } } },
          lost: {
            source: { path: 'asset.l.json', packaging: 'file' },
            destinations: { here: { objectKey: 'l.json' } },
          },
        },
      },
      'cdk.out/s/asset.d.json': '{"StartAt":"A"}',
    });

    const { requests } = await runCost(folder, ['--app', 'cdk.out']);

    expect(requests[0]?.stacks).toMatchObject([{ stack: 'app' }, { stack: 'Work' }]);
    expect(requests[0]?.stacks.map(({ assets }) => assets)).toEqual([
      undefined,
      new Map([['d.json', '{"StartAt":"A"}']]),
    ]);
  });

  it('are the templates of a folder without a manifest, and single files', async () => {
    const folder = await projectFolder({
      'plain/b.template.json': {},
      'plain/a.template.json': {},
      'x.json': TEMPLATE,
    });

    const stacksOf = async (args: readonly string[]) =>
      (await runCost(folder, args)).requests[0]?.stacks.map(({ stack }) => stack);

    expect(await stacksOf(['--app', 'plain'])).toEqual(['a', 'b']);
    expect(await stacksOf(['--template', 'x.json', '--template', 'plain/a.template.json'])).toEqual(['x', 'a']);
    expect(await stacksOf(['--template', join(folder, 'x.json')])).toEqual(['x']);
  });

  it('is a base in the same forms; one template on either side is one stack', async () => {
    const folder = await projectFolder({ 'new.json': TEMPLATE, 'old.template.json': TEMPLATE });
    const assess = ({ stacks }: { readonly stacks: readonly { readonly stack: string }[] }) =>
      assessmentOf(runTree({ workers: stacks.length > 0 ? 5 : 6 }));

    const files = await runCost(folder, ['--template', 'new.json', '--base', 'old.template.json', '--json'], assess);
    const folders = await runCost(folder, ['--app', 'cdk.out', '--base', 'cdk.out', '--json'], assess);

    expect(files.requests.map(({ stacks }) => stacks.map(({ stack }) => stack))).toEqual([['new'], ['new']]);
    expect(folders.requests).toHaveLength(2);
    expect(JSON.parse(folders.output)).toMatchObject({ change: { run: { deltaUsd: '0' }, moved: [] } });
  });

  it('is reported whole where it is broken: two templates, the base and the price book', async () => {
    const folder = await projectFolder({
      'a.json': '{"Resources": {"Machine"',
      'b.json': '',
      'prices.json': '{"version": 1',
      'base/manifest.json': '{}',
    });
    const files = ['--template', 'a.json', '--template', 'b.json', '--template', 'c.json', '--prices', 'prices.json'];

    const { exitCode, output } = await runCost(folder, ['--json', ...files, '--base', 'base']);

    expect(exitCode).toBe(1);
    expect(problemsOf(output)).toEqual([
      'malformed-template a.json',
      'malformed-template b.json',
      'unreadable-file c.json',
      'unreadable-file base/manifest.json',
      'malformed-price-book prices.json',
    ]);
    expect(read(output)).toMatchObject({ verdict: 'unbounded', run: { usd: null }, month: { usd: null }, tree: null });
  });

  it('is UTF-8, with a byte order mark or without', async () => {
    const utf16 = Buffer.from(`\uFEFF${JSON.stringify(TEMPLATE)}`, 'utf16le');
    const folder = await projectFolder({ 'marked.json': `\uFEFF${JSON.stringify(TEMPLATE)}` });
    writeFileSync(join(folder, 'utf16.json'), utf16);

    const marked = await runCost(folder, ['--template', 'marked.json', '--json']);
    const other = await runCost(folder, ['--template', 'utf16.json', '--json']);

    expect(marked.requests[0]?.stacks).toMatchObject([{ template: TEMPLATE }]);
    expect(read(other.output).diagnostics).toMatchObject([
      { code: 'malformed-template', path: 'utf16.json', message: 'is no JSON: it is not text in UTF-8' },
    ]);
  });

  it('is not the current folder where an option names nothing', async () => {
    const { exitCode, output } = await runCost(await projectFolder(), [
      '--json',
      ...['--app', '', '--base', '', '--prices', ''],
    ]);

    expect(exitCode).toBe(1);
    expect(problemsOf(output)).toEqual(['unreadable-file ""', 'unreadable-file ""', 'invalid-option --prices']);
  });

  it.each(['--json', '--sarif'])('is one document in %s, whatever is broken', async (format) => {
    const folder = await projectFolder({ 'cdk.out/app.template.json': '[', 'prices.json': '3' });

    for (const args of [
      ['--app', 'cdk.out'],
      ['--app', 'nowhere'],
      ['--template', 'cdk.out', '--prices', 'cdk.out'],
    ]) {
      const { exitCode, output } = await runCost(folder, [format, ...args]);
      expect(exitCode).toBe(1);
      expect(() => JSON.parse(output)).not.toThrow();
    }
  });

  it('names two templates of one stack, and templates beside an app', async () => {
    const folder = await projectFolder({ 'one/app.json': TEMPLATE, 'two/app.json': TEMPLATE });
    const templates = ['--template', 'one/app.json', '--template', 'two/app.json'];

    const { output } = await runCost(folder, ['--json', ...templates, '--app', 'cdk.out']);

    expect(problemsOf(output)).toEqual(['invalid-option --template, --app', 'invalid-option --template']);
  });
});

describe('the prices of hundredfold cost', () => {
  const bookOf = (region: string): string => SHIPPED.replace('"region": "us-east-1"', `"region": "${region}"`);

  it('are those of the stacks’ region, of --region, or of a named book', async () => {
    const folder = await projectFolder({
      'eu/manifest.json': { artifacts: { app: stackArtifact('app', 'eu-west-1') } },
      'eu/app.template.json': TEMPLATE,
      'eu.json': bookOf('eu-west-1'),
      'x.json': TEMPLATE,
    });
    const regionOf = async (args: readonly string[]) => (await runCost(folder, args)).requests[0]?.book.region;

    expect(await regionOf(['--app', 'cdk.out'])).toBe('us-east-1');
    expect(await regionOf(['--template', 'x.json'])).toBe('us-east-1');
    expect(await regionOf(['--template', 'x.json', '--prices', 'eu.json'])).toBe('eu-west-1');
    expect(await regionOf(['--app', 'eu', '--prices', 'eu.json'])).toBe('eu-west-1');
  });

  it('are refused where the project’s book is a folder, or that of another region', async () => {
    const other = await projectFolder({ 'prices/us-east-1.json': bookOf('eu-west-1') });
    const folder = await projectFolder({ 'prices/us-east-1.json/x': '' });

    const outputs = [await runCost(other, ['--app', 'cdk.out', '--json'])];
    outputs.push(await runCost(folder, ['--app', 'cdk.out', '--json']));

    expect(outputs.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
    expect(outputs.map(({ output }) => problemsOf(output))).toEqual([
      ['malformed-price-book prices/us-east-1.json.region'],
      ['unreadable-file prices/us-east-1.json'],
    ]);
  });

  it('are the shipped ones where `prices` is no folder', async () => {
    const { requests } = await runCost(await projectFolder({ prices: 'none' }), ['--app', 'cdk.out']);

    expect(requests[0]?.book.region).toBe('us-east-1');
  });

  it('are refused with the command that gets them where the region has none', async () => {
    const folder = await projectFolder();

    const { exitCode, output } = await runCost(folder, ['--app', 'cdk.out', '--region', 'eu-west-1', '--json']);

    expect(exitCode).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      diagnostics: [{ fix: expect.stringContaining('hundredfold prices refresh --region eu-west-1') }],
    });
  });

  it.each([
    ['several regions', ['--app', 'two']],
    ['another region’s book', ['--app', 'cdk.out', '--prices', 'eu.json']],
    ['a region that is a path', ['--app', 'cdk.out', '--region', '../prices']],
    ['several books and no region', ['--template', 'x.json']],
  ])('are refused for %s', async (_, args) => {
    const folder = await projectFolder({
      'two/manifest.json': { artifacts: { a: stackArtifact('a'), b: stackArtifact('b', 'eu-west-1') } },
      'two/a.template.json': TEMPLATE,
      'two/b.template.json': TEMPLATE,
      'eu.json': bookOf('eu-west-1'),
      'prices/eu-west-1.json': bookOf('eu-west-1'),
      'x.json': TEMPLATE,
    });

    const { exitCode, output } = await runCost(folder, ['--json', ...args]);

    expect(exitCode).toBe(1);
    expect(read(output).diagnostics.map(({ code }) => code)).toEqual(['unclear-region']);
  });
});

describe('the app of hundredfold cost', () => {
  /** A CDK app as far as it matters: it writes an assembly where it is told to. */
  const app = (ending: string): Readonly<Record<string, unknown>> => ({
    'cdk.json': { app: 'node app.mjs' },
    'app.mjs': [
      `import { mkdirSync, writeFileSync } from 'node:fs';`,
      `const out = process.env.CDK_OUTDIR;`,
      `mkdirSync(out, { recursive: true });`,
      `writeFileSync(out + '/app.template.json', '{}');`,
      `const write = () => writeFileSync(out + '/manifest.json', '${JSON.stringify({ artifacts: { app: stackArtifact('app') } })}');`,
      ending,
    ].join('\n'),
  });

  it('is synthesized, once for what has not changed', async () => {
    const folder = await projectFolder(app('write();'));

    const first = await runCost(folder, []);
    const second = await runCost(folder, []);

    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(first.requests[0]?.stacks).toMatchObject([{ stack: 'app', template: {} }]);
    expect(first.progress).toMatch(/✓ Synthesize/);
    expect(second.progress).toMatch(/unchanged/);
  });

  it('is reviewed also where its own validation refuses it, and not where it failed before', async () => {
    const refused = await runCost(await projectFolder(app(`write(); throw new Error('over budget');`)), ['--json']);
    const failed = await runCost(await projectFolder(app(`throw new Error('a mistake');`)), ['--json']);

    expect([refused.exitCode, refused.requests.length]).toEqual([0, 1]);
    expect(refused.progress).toContain('over budget');
    expect(failed.exitCode).toBe(1);
    expect(read(failed.output).diagnostics).toMatchObject([
      { code: 'synthesis-failed', message: expect.stringContaining('a mistake') },
    ]);
  });

  it('is missing where there is neither a cdk.json nor an option', async () => {
    const { exitCode, output } = await runCost(await temporaryFolder(), ['--json']);

    expect(exitCode).toBe(1);
    expect(read(output).diagnostics.map(({ code }) => code)).toEqual(['missing-app']);
  });
});

describe('what hundredfold cost prints', () => {
  it('is for people: the verdict, the bounds, where they come from, what they rest on, what next', async () => {
    const { output } = await runCost(await projectFolder(), ['--app', 'cdk.out']);

    expect(output).toBe(
      [
        'Within budget.',
        '',
        '  one run      $3.45  at most, of $6.00',
        '  one month  $107.69  at most, of $200.00',
        '  prices of us-east-1, compiled on 2026-11-20',
        '',
        'where the bound of one run comes from',
        '    $1.91  55.2 %  Train trials, ml.m5.xlarge for at most 3,720 s: 4 items × 2',
        '                     tries',
        '    $1.55  44.7 %  Ingest and check, 5 × G.1X for at most 30 min: 2 tries',
        '  $0.0001   0.0 %  1 more',
        '',
        'where the bound of one month comes from',
        '  $106.69  99.0 %  one execution: 31 starts',
        '    $1.00   0.9 %  KMS key',
        '',
        'expected of one try on spot, not proven (0.15 interruptions an hour, 60 % saved)',
        '  $0.0467  of $0.24, 30 min 23 s, checkpoints each 60.0 s:',
        '           app-training/Machine.States.Train trials.ItemProcessor.States.Train',
        '           trial',
        '',
        'not part of the bounds, AWS gives no cap: log-gigabytes',
        'assumed: no-redrive',
        '',
        'next: --full shows every line, the property that sets it, and what the names',
        '      above stand for',
        '',
      ].join('\n'),
    );
  });

  it('says what moved the bounds, and every line on request', async () => {
    const queue = [assessmentOf(runTree({ workers: 10 })), assessmentOf()];
    const args = ['--app', 'cdk.out', '--base', 'cdk.out', '--full'];

    const { output } = await runCost(await projectFolder(), args, () => queue.shift() ?? assessmentOf());

    expect(output).toContain('Within budget. Against the base, a run may cost $1.54 more, a month $47.74 more.');
    expect(output).toContain(
      '     run    month\n  +$1.54  +$47.74  NumberOfWorkers 5 -> 10:\n' +
        '                   app-jobs/IngestJob.Properties.NumberOfWorkers\n',
    );
    expect(output).toMatch(/transition \[app-training\/Machine\.States\.Settle run\]/);
    expect(output).toContain('  log-gigabytes  what jobs and functions write to their logs; not part of the\n');
    expect(output).toContain('  no-redrive  nobody redrives an execution; the templates deny it to every role\n');
  });

  it('are problems, thirty of them unless all are asked for, and nothing that a bound would rest on', async () => {
    const folder = await projectFolder();
    const problems = Array.from({ length: 50 }, (_, index) => problem('missing-limit', `app/J${index}`));
    const warning = problem('old-price-book', 'prices of us-east-1');
    const refused = () => refusedAssessment(...problems, warning);

    const brief = (await runCost(folder, ['--app', 'cdk.out'], refused)).output;
    const full = (await runCost(folder, ['--app', 'cdk.out', '--full'], refused)).output;

    expect(brief.match(/\(missing-limit\)/g)).toHaveLength(30);
    expect(brief).toContain('  20 more: --full shows all\n\nwarnings\n  prices of us-east-1 (old-price-book)\n');
    expect(brief).not.toContain('assumed');
    expect(full.match(/\(missing-limit\)/g)).toHaveLength(50);
  });

  it('is the run of each machine that is above its budget, and that nothing starts one', async () => {
    const assessment = assessmentOf();
    const small = { machine: 'app/Small', usd: usd('1.5'), budget: usd('1'), tree: runTree(), startsPerMonth: 0 };
    const machines = [...assessment.machines.map((machine) => ({ ...machine, startsPerMonth: 0 })), small];

    const { output } = await runCost(await projectFolder(), ['--app', 'cdk.out'], () => ({ ...assessment, machines }));

    expect(output).toMatch(/^ {2}one run of app\/Small +\$1\.50 {2}at most, \$0\.50 above \$1\.00$/m);
    expect(output).toMatch(/^ {2}one month, in which nothing starts a run +\$107\.69 {2}at most, of/m);
  });

  it('never moves the cursor by what stands in a template', async () => {
    const tree = runTree();
    const named = { ...tree, label: '\u001b[2Jone\r\u202eexecution' };

    const { output } = await runCost(await projectFolder(), ['--app', 'cdk.out', '--full'], () => assessmentOf(named));

    expect(output).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it('has in SARIF the template’s file and the resource’s line', async () => {
    const refused = refusedAssessment(problem('missing-limit', 'app/Machine.Properties.DefinitionString'));

    const { output } = await runCost(await projectFolder(), ['--app', 'cdk.out', '--sarif'], () => refused);

    expect(JSON.parse(output)).toMatchObject({
      runs: [
        {
          results: [
            {
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'cdk.out/app.template.json' },
                    region: { startLine: 3 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('has in SARIF a file and a line for everything, which code scanning demands', async () => {
    const folder = await projectFolder();
    const problems = [problem('old-price-book', 'prices of us-east-1'), problem('no-state-machine', 'templates')];
    const placesOf = (output: string): readonly unknown[] =>
      (JSON.parse(output) as SarifLog).runs[0].results.map(({ locations }) => locations[0].physicalLocation);
    const placeIn = (uri: string) => ({ artifactLocation: { uri }, region: { startLine: 1 } });

    const reviewed = await runCost(folder, ['--app', 'cdk.out', '--sarif'], () => refusedAssessment(...problems));
    const unread = await runCost(folder, ['--prices', 'p/prices.json', '--template', 'x.json', '--sarif']);
    const misunderstood = await runCost(folder, ['--sarif', '--nothing']);

    expect(placesOf(reviewed.output)).toEqual(problems.map(() => placeIn('cdk.out/app.template.json')));
    expect(placesOf(unread.output)).toEqual(['x.json', 'p/prices.json'].map(placeIn));
    expect(placesOf(misunderstood.output)).toEqual([placeIn('cdk.json')]);
  });

  it('is Markdown for a pull request', async () => {
    const { output, progress } = await runCost(await projectFolder(), ['--app', 'cdk.out', '--markdown']);

    expect(output).toMatch(/^\*\*Within budget\.\*\* A run may cost at most \$3\.45/);
    expect(progress).toBe('');
  });
});
