import { buildApp } from '../lib/app.ts';
import { readStage } from '../lib/stage.ts';

/** Writes the cloud assembly of the local stage into the folder that is named; started by local.ts. */
const outdir = process.argv[2]!;

try {
  buildApp({ stage: readStage('local'), outdir, validate: false }).synth(); // `npm run check` validates
} catch (error) {
  process.send?.(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
