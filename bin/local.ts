import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  bootLocalCloud,
  greeting,
  type LocalCloud,
  requestLine,
  seedDemoUsers,
  writeConnectionFile,
} from '../local/index.ts';

const DEFAULT_DATA = '.kilat';
const root = resolve(import.meta.dirname, '..');
const isDebugging = Boolean(process.env.KILAT_DEBUG);

interface Options {
  readonly port: number;
  readonly data: string;
  readonly fresh: boolean;
}

const { port, data, fresh } = new Command('npm start --')
  .description('Runs the whole of Kilat on this machine: what the templates declare, on emulated services.')
  .addOption(new Option('--port <number>', 'of the API; 0 picks a free one').argParser(portNumber).default(3000))
  .addOption(new Option('--data <folder>', 'what outlives the process').env('KILAT_DATA').default(DEFAULT_DATA))
  .option('--fresh', 'forget what the data folder holds', false)
  .parse()
  .opts<Options>();

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 0 to 65535');
}

/** Into the data folder: two local clouds do not write over each other's. */
async function synthesise(): Promise<string> {
  const [{ buildApp }, { readStage }] = await Promise.all([import('../lib/app.ts'), import('../lib/stage.ts')]);
  const outdir = resolve(data, 'cdk.out');
  rmSync(outdir, { recursive: true, force: true }); // or the assets of every change would pile up
  return buildApp({ stage: readStage('local'), outdir, validate: false }).synth().directory;
}

function boot(): Promise<LocalCloud> {
  const say = (step: string) => console.log(`  ${step}${isDebugging ? ` at ${Math.round(performance.now())} ms` : ''}`);
  return bootLocalCloud({
    assemblyDir: synthesise,
    dataDir: data,
    projectDir: root,
    port,
    fresh,
    onStep: say,
    onRequest: (facts) => console.log(requestLine(facts, new Date())),
    onFault: report,
  });
}

function report(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  console.error(isDebugging ? stack : `kilat: ${message}`);
}

/** The first signal lets requests in flight end; the second does not wait. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log('Stopping; once more forces it.');
    stop().then(
      () => process.exit(0),
      (error) => {
        report(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
}

function greet({ apiUrl, dataDir }: LocalCloud): void {
  const example = join(root, 'models/signs/examples/seven.jpg');
  const photo = existsSync(example) ? relative(process.env.INIT_CWD ?? process.cwd(), example) : 'photo.jpg';
  const isDefault = dataDir === join(root, DEFAULT_DATA);
  console.log(`\n${greeting({ apiUrl, photo, ...(isDefault ? {} : { dataDir }) })}\n`);
}

try {
  console.log('Starting the local cloud');
  const booting = boot();
  stopOnSignal(async () => (await booting).close());
  const cloud = await booting;
  await seedDemoUsers(cloud);
  writeConnectionFile(cloud);
  greet(cloud);
} catch (error) {
  report(error);
  process.exit(1);
}
