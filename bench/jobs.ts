import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCloud, startCloud } from './cloud.ts';
import { batchPipeline, perCore } from './pipeline.ts';
import { rawPipeline } from './raw.ts';
import { type Summary, summarise, timed } from './statistics.ts';
import { chooseSubject, root } from './subject.ts';
import { jobWorker } from './worker.ts';

const usage = `Measures jobs: how fast one is taken on, what a core of the worker does, and what memory it takes.

npm run bench:jobs -- [options]

  --submissions N  submissions of 1,000 items (default 30)
  --items N        items of each series of photos (default 1000), and tenfold for memory
  --json FILE      where the figures are written (default .build/bench-jobs.json)
  --help           show this text`;

const { values } = parseArgs({
  options: {
    submissions: { type: 'string', default: '30' },
    items: { type: 'string', default: '1000' },
    json: { type: 'string', default: join(root, '.build/bench-jobs.json') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const SERIES = 3;
const items = Number(values.items);
const subject = await chooseSubject();
console.error(`booting the local cloud; then ${subject.description}, ${items} items a series`);
const cloud = await startCloud(subject);
try {
  const report = {
    subject: subject.description,
    node: process.version,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model,
    images_per_second_and_core: await measureImages(cloud),
    resident_mib: await measureMemory(),
    submit_1000_items_ms: await measureSubmissions(cloud), // last: the local cloud then has all of it to do
  };
  print(report);
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
} finally {
  await cloud.stop();
}

interface Report {
  readonly images_per_second_and_core: Record<string, number>;
  readonly resident_mib: readonly number[];
  readonly submit_1000_items_ms: Summary;
}

function print({ images_per_second_and_core, resident_mib, submit_1000_items_ms }: Report): void {
  const { p50, p95, n } = submit_1000_items_ms;
  const rows: [string, string][] = [
    ...Object.entries(images_per_second_and_core).map(([name, value]): [string, string] => [
      `images per second and core: ${name}`,
      value.toFixed(2),
    ]),
    ['resident MiB, first and last of ten series', `${resident_mib[0]} and ${resident_mib.at(-1)}`],
    [`submission of 1,000 items, ms, p50 and p95 of ${n}`, `${p50.toFixed(0)} and ${p95.toFixed(0)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  console.error(`\n${rows.map(([name, value]) => name.padEnd(width) + value).join('\n')}\n`);
}

/** Addresses that are refused unseen: what is measured is the submission, and the worker has little to do. */
async function measureSubmissions({ apiUrl, token }: BenchCloud): Promise<Summary> {
  const body = JSON.stringify({
    items: Array.from({ length: 1000 }, (_, index) => ({ image_url: `http://127.0.0.1/${index}.jpg` })),
  });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const times: number[] = [];
  for (let run = 0; run < Number(values.submissions); run++) {
    times.push(
      await timed(async () => {
        const response = await fetch(`${apiUrl}/v1/jobs/predict`, { method: 'POST', headers, body });
        const answer = await response.text();
        if (response.status !== 202) throw new Error(`the API answered ${response.status}: ${answer}`);
      }),
    );
  }
  return summarise(times);
}

/** The cases take turns series by series, so that a noisy moment of the machine hits them alike. */
async function measureImages(cloud: BenchCloud): Promise<Record<string, number>> {
  // CPU time is what counts here: threads that spin between runs would make raw look worse than it is.
  const raw = await rawPipeline(subject, { extra: { session: { intra_op: { allow_spinning: '0' } } } });
  const cases: Record<string, (count: number) => Promise<void>> = {
    raw: async (count) => {
      for (let index = 0; index < count; index++) await raw(subject.photos[index % subject.photos.length]!);
    },
    pipeline: batchPipeline(subject),
    worker_with_stores: await jobWorker(cloud, subject),
  };
  const rates: Record<string, number[]> = {};
  for (let series = -1; series < SERIES; series++) {
    for (const [name, work] of Object.entries(cases)) {
      const count = series < 0 ? 100 : items; // the first is to warm up
      const rate = await perCore(count, () => work(count));
      if (series >= 0) rates[name] = [...(rates[name] ?? []), rate];
    }
  }
  const medians = Object.entries(rates).map(([name, values]) => [name, summarise(values).p50] as const);
  const share = medians.map(([name, rate]) => [`${name}_over_raw`, rate / medians[0]![1]] as const).slice(1);
  return Object.fromEntries([...medians, ...share].map(([name, value]) => [name, Math.round(value * 100) / 100]));
}

/** Ten series in one go: memory is to be the same after each. */
async function measureMemory(): Promise<number[]> {
  const pipeline = batchPipeline(subject);
  const sizes: number[] = [];
  for (let series = 0; series < 10; series++) {
    await pipeline(items);
    sizes.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  return sizes;
}
