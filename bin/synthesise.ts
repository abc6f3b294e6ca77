import { bundleProject } from '../lib/bundle/project.ts';

/** Writes the cloud assembly of the local stage into the folder that is named; started by local.ts. */
const outdir = process.argv[2]!;

try {
  const bundling = bundleProject();
  bundling.catch(() => {}); // heard of where it is awaited, after the CDK is loaded
  const [{ buildApp }, { readStage }] = await Promise.all([import('../lib/app.ts'), import('../lib/stage.ts')]);
  buildApp({ stage: readStage('local'), outdir, validate: false }, await bundling).synth(); // `npm run check` validates
} catch (error) {
  process.send?.(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
