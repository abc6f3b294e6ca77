/**
 * Who may import whom. Inner layers know nothing of outer ones; `test/unit/dependency-rule.test.ts` plants a violation
 * of each rule and sees it reported.
 */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { pathNot: allowed.map((pattern) => `^${pattern}`) },
});

const own = (folder) => `${folder}/`;
const npm = (...names) => `node_modules/(@types/)?(${names.join('|')})/`;
const anyNpm = 'node_modules/';
const builtin = '(node:)?[a-z_/]+$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      comment: 'but for handlers whose missing package is what a test is about',
      severity: 'error',
      from: { pathNot: '^test/support/lambda-fixtures/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'but for tests and benchmarks, which use what the packages under them declare',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    only(
      'contracts-know-only-zod',
      'layers/contracts',
      [own('layers/contracts'), npm('zod')],
      'they run in browsers too',
    ),
    only('core-is-pure', 'layers/core', [own('layers/core'), own('layers/contracts')], 'no AWS, no clock, no I/O'),
    only(
      'adapters-serve-the-core',
      'layers/adapters',
      [own('layers/adapters'), own('layers/core'), own('layers/contracts'), anyNpm, builtin],
      'edges may use any package, but no function and no infrastructure',
    ),
    only(
      'lambda-is-the-wrapper',
      'layers/lambda',
      [
        own('layers/lambda'),
        own('layers/contracts'),
        own('layers/core'),
        npm('@aws-lambda-powertools/[a-z]+', 'zod', 'aws-lambda'),
      ],
      'what every handler wears',
    ),
    {
      name: 'functions-use-layers-only',
      comment: 'never another function, never an SDK',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { pathNot: ['^functions/$1/', '^layers/', '^(node:)?path$', `^${npm('aws-lambda')}`] },
    },
    only(
      'infrastructure-knows-contracts',
      'lib',
      [own('lib'), own('layers/contracts'), anyNpm, builtin],
      'the template is made from contracts, never from handlers',
    ),
    only(
      'the-image-is-what-the-infrastructure-bundles',
      'image',
      [own('image'), own('lib'), own('layers/contracts'), own('local/lambda/runtime'), anyNpm, builtin],
      "it builds what would be deployed, and stands in for Lambda's runtime as the local cloud does",
    ),
    only(
      'the-local-cloud-reads-the-template',
      'local',
      [own('local'), own('layers/contracts'), anyNpm, builtin],
      'what is not in the template does not exist',
    ),
    only(
      'the-command-line-uses-layers',
      'cli',
      [own('cli'), own('layers'), anyNpm, builtin],
      'a client of the platform, and a tool for model folders',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk\\.out|\\.build|\\.kilat)/' },
    parser: 'swc',

    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
