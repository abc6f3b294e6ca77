import { relative } from 'node:path';
import { Command, Option } from 'commander';
import { type Architecture, architectureNames } from '../image/architecture.ts';
import { buildImage, IMAGE_DIR, type ImageReport, reportDir } from '../image/build.ts';
import { type BuilderName, builderNames, chooseBuilder } from '../image/builders/index.ts';
import { pin } from '../image/pin/index.ts';
import { chosenStage, readStage, stageNames } from '../lib/stage.ts';

interface Options {
  readonly arch?: Architecture;
  readonly builder?: BuilderName;
  readonly stage: string;
}

const INTERRUPTED = 130;
let isInterrupted = false;

const program = new Command('npm run image --')
  .description('Builds the image of the inference functions, with its bill of materials and licences.')
  .addOption(new Option('--arch <name>', "processor (default: the stage's)").choices(architectureNames))
  .addOption(new Option('--builder <name>', 'default: the first that works here').choices(builderNames))
  .addOption(new Option('--stage <name>', 'whose settings hold').choices(stageNames).default(chosenStage(process.env)))
  .action(build);
program
  .command('pin')
  .description('locks the base images as they are today: digests, Debian packages, Node and npm')
  .action(() => pin(IMAGE_DIR, say));

async function build({ arch, builder: wanted, stage: name }: Options): Promise<void> {
  const stage = readStage(name);
  const builder = await chooseBuilder(IMAGE_DIR, wanted);
  const report = await buildImage({ stage, architecture: arch ?? stage.inferenceArchitecture, builder, say });
  console.log(summary(report));
}

function say(step: string): void {
  console.log(`  ${step}`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const summary = ({ reference, architecture, payloadBytes, imageBytes, parts }: ImageReport): string => `
${reference}
  payload (/var/task)  ${megabytes(payloadBytes)}
  image                ${megabytes(imageBytes)}
  parts, licensed      ${parts}
  described in         ${relative(process.cwd(), reportDir(architecture))}`;

// The programs at work get Ctrl-C too and end; what they leave is cleared away before this process follows them.
process.on('SIGINT', () => {
  isInterrupted = true;
});

try {
  await program.parseAsync();
} catch (error) {
  if (process.env.KILAT_DEBUG) throw error;
  if (!isInterrupted) console.error(`kilat: ${error instanceof Error ? error.message : error}`);
  process.exitCode = isInterrupted ? INTERRUPTED : 1;
}
