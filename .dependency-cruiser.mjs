/** The architecture where a tool can read it: who may import whom, each rule with its reason. */
const core = '^lib/(?!constructs/)';
const effects =
  '^(node:)?(fs|fs/promises|child_process|net|http|https|dns|os|worker_threads|timers|timers/promises|process)$';

const ban = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const layer = (name, mayUse) =>
  ban(
    `${name}-imports-only-inward`,
    `lib/${name} may use ${mayUse.length === 0 ? 'no other layer' : mayUse.join(', ')}: meaning flows one way`,
    { path: `^lib/${name}/` },
    { path: '^lib/', pathNot: `^lib/(${[name, ...mayUse].join('|')})/` },
  );

export default {
  forbidden: [
    ban('no-cycles', 'two rooms that need each other are one room', {}, { circular: true }),
    ban(
      'no-orphans',
      'what nobody imports is dead',
      {
        orphan: true,
        pathNot:
          '(^|/)(index|handler|app|main)[.]ts$|[.]d[.]ts$|[.]config[.](ts|mjs)$|^scripts/|^bench/|[.]test(-d)?[.]ts$',
      },
      {},
    ),
    ban(
      'core-has-no-cloud',
      'lib decides; SDK, CDK and databases are acts',
      { path: core },
      {
        path: 'node_modules/(aws-cdk-lib|constructs|@aws-sdk|@aws-cdk|@smithy|@aws-lambda-powertools|@duckdb)',
      },
    ),
    ban(
      'core-has-no-effects',
      'lib has no clock, disk, network or processes',
      { path: core },
      {
        dependencyTypes: ['core'],
        path: effects,
      },
    ),
    ban(
      'hashing-in-one-place',
      'one definition of a fingerprint',
      { path: core, pathNot: '^lib/plan/fingerprint[.]ts$' },
      {
        dependencyTypes: ['core'],
        path: '^(node:)?crypto$',
      },
    ),
    ban(
      'lib-never-looks-outward',
      'the meaning does not know who uses it',
      { path: '^lib/' },
      {
        path: '^(bin|cli|local|lambdas|stacks|test|examples|jobs|scripts|bench)/',
      },
    ),
    layer('units', []),
    layer('errors', ['units']),
    layer('contracts', ['units', 'errors']),
    layer('schedule', ['units', 'errors', 'contracts']),
    layer('definition', ['units', 'errors', 'contracts', 'schedule']),
    layer('plan', ['definition', 'units', 'errors', 'contracts', 'schedule']),
    layer('asl', ['units', 'errors']),
    layer('iam', ['asl', 'units', 'errors']),
    layer('sql', ['plan', 'definition', 'units', 'errors', 'contracts']),
    layer('features', ['plan', 'definition', 'sql', 'units', 'errors', 'contracts']),
    layer('cost', ['asl', 'contracts', 'schedule', 'units', 'errors']),
    layer('runs', ['plan', 'cost', 'iam', 'contracts', 'units', 'errors']),
    layer('render', ['plan', 'asl', 'sql', 'features', 'iam', 'runs', 'contracts', 'units', 'errors']),
    ban(
      'cdk-stays-put',
      'only constructs, stacks and the app know CDK',
      {
        path: '^(bin|cli|local|lambdas|lib)/',
        pathNot: '^(lib/constructs/|bin/app[.]ts)',
      },
      { path: 'node_modules/(aws-cdk-lib|constructs)' },
    ),
    ban(
      'lambdas-import-pure-lib-only',
      'a handler parses, calls lib and acts',
      { path: '^lambdas/' },
      {
        path: '^(lib/constructs|stacks|local|cli|bin|test|examples|scripts)',
      },
    ),
    ban(
      'lambdas-do-not-import-each-other',
      'one folder a function',
      { path: '^lambdas/([^/]+)/' },
      {
        path: '^lambdas/[^/]+/',
        pathNot: '^lambdas/$1/',
      },
    ),
    ban(
      'local-reads-artifacts',
      'what runs here is what was synthesized',
      { path: '^(local|cli)/' },
      {
        path: '^(lib/constructs|stacks|lambdas|bin)/',
      },
    ),
    ban(
      'local-does-not-know-the-cli',
      'the shell notifies a host, whoever that is',
      { path: '^local/' },
      { path: '^cli/' },
    ),
    ban(
      'stacks-only-compose',
      'stacks choose, constructs build',
      { path: '^stacks/' },
      {
        path: '^(cli|local|lambdas|test|bin)/|^lib/(asl|iam|sql|features|schedule|runs)/',
      },
    ),
    ban(
      'bin-is-one-line-deep',
      'executables only start something',
      { path: '^bin/' },
      { path: '^(lib|lambdas|local|test)/' },
    ),
    ban('nothing-imports-tests', 'shipped code stands without its tests', { pathNot: '^test/' }, { path: '^test/' }),
    ban(
      'dev-deps-stay-in-dev',
      'what ships runs without development packages',
      {
        path: '^(lib|lambdas|local|cli|stacks|bin)/',
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    ban(
      'no-undeclared-packages',
      'package.json names every package',
      {},
      { dependencyTypes: ['npm-no-pkg', 'unknown'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/canary/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
