import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCloud } from './cloud.ts';
import { coldStart, loadHandler, photoEvent, predictEnvironment } from './handler.ts';
import { predictOverHttp } from './http.ts';
import { predictInMemory } from './in-memory.ts';
import { rawPipeline } from './raw.ts';
import { type Summary, summarise, timed } from './statistics.ts';
import { chooseSubject, root } from './subject.ts';

const usage = `Measures predictions against the raw limit of sharp and onnxruntime in the same run.

npm run bench -- [options]

  --rounds N    measured rounds of each warm case (default 300)
  --cold N      measured cold starts (default 10)
  --json FILE   where the figures are written (default .build/bench.json)
  --help        show this text`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '300' },
    cold: { type: 'string', default: '10' },
    json: { type: 'string', default: join(root, '.build/bench.json') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

/** Rounds of one case before the next has its turn, and those that are not counted at their start. */
const BLOCK = 25;
const WARM_UP = 5;

const subject = await chooseSubject();
console.error(`booting the local cloud; then ${subject.description}, ${values.rounds} rounds`);
const cloud = await startCloud(subject);
try {
  const results = await measure();
  print(results);
  await write(results);
} finally {
  await cloud.stop();
}

interface Result {
  readonly name: string;
  readonly summary: Summary;
}

async function measure(): Promise<Result[]> {
  const folder = join(root, '.build/images/inference');
  const env = await predictEnvironment(cloud, folder);
  Object.assign(process.env, env);
  const raw = await rawPipeline(subject);
  const handler = await loadHandler(folder);
  const model = subject.manifest.name;
  silenceLogs();
  const cases: [string, (photo: Buffer) => Promise<unknown>][] = [
    ['raw: sharp + onnxruntime', raw],
    ['prediction, no stores', await predictInMemory(subject)],
    ['handler, warm, stores included', (photo) => handler(photoEvent(photo, model))],
    ['HTTP end to end, warm', (photo) => predictOverHttp(cloud, photo, model)],
  ];
  const warm = await interleaved(cases);
  const cold: number[] = [];
  for (let run = 0; run < Number(values.cold); run++) cold.push(await coldStart(folder, env, subject));
  return [
    ...warm,
    { name: 'handler, cold: process start to prediction', summary: summarise(cold) },
    { name: 'local cloud: process start to ready', summary: summarise([cloud.bootMs]) },
  ];
}

/** The cases take turns block by block: a noisy moment hits them alike, and none runs into the threads of the one before. */
async function interleaved(cases: [string, (photo: Buffer) => Promise<unknown>][]): Promise<Result[]> {
  const times = cases.map((): number[] => []);
  for (let block = 0; block * BLOCK < Number(values.rounds); block++) {
    for (const [index, [, work]] of cases.entries()) {
      for (let round = -WARM_UP; round < BLOCK; round++) {
        const ms = await timed(() => work(photoOf(block * BLOCK + round)));
        if (round >= 0) times[index]!.push(ms);
      }
    }
  }
  return cases.map(([name], index) => ({ name, summary: summarise(times[index]!) }));
}

function photoOf(round: number): Buffer {
  return subject.photos.at(round % subject.photos.length)!;
}

/** The handler logs and counts as always, but into nothing: a terminal would be measured with it. */
function silenceLogs(): void {
  process.stdout.write = ((_chunk: unknown, ...rest: unknown[]) => {
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof process.stdout.write;
}

function print(results: readonly Result[]): void {
  const limit = results[0]!.summary.p50;
  const ms = (value: number): string => value.toFixed(2).padStart(9);
  const rows = results.map(
    ({ name, summary: { n, p50, p95, p99 } }) =>
      `${name.padEnd(44)}${String(n).padStart(6)}${ms(p50)}${ms(p95)}${ms(p99)}${`${(p50 / limit).toFixed(2)}x`.padStart(9)}`,
  );
  const head = `${'milliseconds'.padEnd(44)}${['n', 'p50', 'p95', 'p99', 'p50/raw'].map((title, index) => title.padStart(index ? 9 : 6)).join('')}`;
  console.error(
    [`\n${subject.description}, ${availableParallelism()} cores of ${cpus()[0]?.model}\n`, head, ...rows, ''].join(
      '\n',
    ),
  );
}

async function write(results: readonly Result[]): Promise<void> {
  const report = {
    subject: subject.description,
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model,
    unit: 'milliseconds',
    results: Object.fromEntries(results.map(({ name, summary }) => [name, summary])),
  };
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  console.error(`written to ${values.json}`);
}
