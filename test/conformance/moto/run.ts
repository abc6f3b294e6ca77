import { parseArgs } from 'node:util';
import { startVitest, type TestModule } from 'vitest/node';
import { type CaseResult, departures, differencesTable, knownDifferences } from './differences.ts';

const suites = ['cloudwatch', 'cognito', 'dynamodb', 'eventbridge', 's3', 'sqs'];

/** `npm run conformance:moto -- --url URL` judges the moto that listens there; `-- --table` prints local/README's table. */
const { values } = parseArgs({ options: { url: { type: 'string' }, table: { type: 'boolean' } } });
if (values.table) console.log(differencesTable(knownDifferences));
else await judge(values.url);

async function judge(url: string | undefined): Promise<void> {
  if (!url) throw new Error('--url is missing; expected the address of a moto server, such as http://127.0.0.1:5000');
  process.env.REMOTE = url;
  const results = await runSuites();
  const news = departures(results, knownDifferences);
  const count = (state: CaseResult['state']) => results.filter((result) => result.state === state).length;
  console.log(`moto passes ${count('passed')} cases and fails ${count('failed')}; ${count('skipped')} do not apply`);
  for (const departure of news) console.error(departure);
  if (news.length > 0) console.error('mend what changed, or list it in test/conformance/moto/differences.json');
  process.exitCode = news.length > 0 ? 1 : 0; // vitest has set it, for cases that fail as ever
}

async function runSuites(): Promise<CaseResult[]> {
  const filters = suites.map((suite) => `test/conformance/${suite}/`);
  const silence = {}; // a reporter that reports nothing: that moto fails is no news
  const vitest = await startVitest('test', filters, { project: ['conformance'], watch: false, reporters: [silence] });
  const results = vitest.state.getTestModules().flatMap(resultsOf);
  await vitest.close();
  return results;
}

function resultsOf(module: TestModule): CaseResult[] {
  const suite = module.relativeModuleId.split('/').at(-2)!;
  return [...module.children.allTests()].map((test) => ({ suite, title: test.fullName, state: test.result().state }));
}
