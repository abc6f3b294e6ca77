import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  bootLocalCloud,
  codeLine,
  greeting,
  type LocalCloud,
  LocalCloudError,
  refusalMessage,
  requestLine,
  seedDemoUsers,
  writeConnectionFile,
} from '../local/index.ts';

const DEFAULT_DATA = '.kilat';
const root = resolve(import.meta.dirname, '..');
const isDebugging = Boolean(process.env.KILAT_DEBUG);
let isStopping = false;

interface Options {
  readonly port: number;
  readonly data: string;
  readonly fresh?: boolean;
}

const { port, data, fresh } = new Command('npm start --')
  .description('Runs the whole of Kilat on this machine: what the templates declare, on emulated services.')
  .addOption(new Option('--port <number>', 'of the API; 0 picks a free one').argParser(portNumber).default(3000))
  .addOption(new Option('--data <folder>', 'what outlives the process').env('KILAT_DATA').default(DEFAULT_DATA))
  .option('--fresh', 'forget what the data folder holds')
  .parse()
  .opts<Options>();

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 0 to 65535');
}

/**
 * Makes the cloud assembly, in the data folder: two local clouds do not write over each other's. It has a process of its
 * own, which works while the services start, and takes with it the 300 MB that the CDK and the bundler need.
 */
async function synthesise(): Promise<string> {
  const outdir = resolve(data, 'cdk.out');
  rmSync(outdir, { recursive: true, force: true }); // or the assets of every change would pile up
  const child = fork(join(import.meta.dirname, 'synthesise.ts'), [outdir]);
  let reason: unknown = 'its process was ended';
  child.on('message', (message) => {
    reason = message;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new LocalCloudError(`the templates cannot be made: ${reason}`);
  return outdir;
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
    onCode: (delivery) => console.log(codeLine(delivery, new Date())),
    onRefusal: (refusal) => console.error(`kilat: ${refusalMessage(refusal)}`),
    onFault: report,
  });
}

/** Boots, and makes who may sign in. */
async function start(): Promise<LocalCloud> {
  const cloud = await boot();
  try {
    await seedDemoUsers(cloud);
    writeConnectionFile(cloud);
    return cloud;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

function report(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  console.error(isDebugging ? stack : `kilat: ${message}`);
}

/** The first signal lets requests in flight end; the second does not wait. */
function stopOnSignal(starting: Promise<LocalCloud>): void {
  const stop = async () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log('Stopping; once more forces it.');
    const cloud = await starting.catch(() => undefined); // one that did not start has stopped by itself
    await cloud?.close().catch(report);
    process.exit(0);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

function greet({ apiUrl, dataDir }: LocalCloud): void {
  const example = join(root, 'models/signs/examples/seven.jpg');
  const photo = existsSync(example) ? relative(process.env.INIT_CWD ?? process.cwd(), example) : 'photo.jpg';
  const isDefault = dataDir === join(root, DEFAULT_DATA);
  console.log(`\n${greeting({ apiUrl, photo, ...(isDefault ? {} : { dataDir }) })}\n`);
}

try {
  console.log('Starting the local cloud');
  const starting = start();
  stopOnSignal(starting);
  greet(await starting);
} catch (error) {
  if (!isStopping) {
    report(error);
    process.exit(1);
  }
}
