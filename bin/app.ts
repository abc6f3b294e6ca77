import { enableCompileCache } from 'node:module';

// Half of what it takes to load the CDK goes into compiling it; kept, that is a quarter of a second less.
enableCompileCache();
const { bundleProject } = await import('../lib/bundle/project.ts');
const bundling = bundleProject();
bundling.catch(() => {}); // heard of where it is awaited, after the CDK is loaded

try {
  const { buildApp } = await import('../lib/app.ts');
  const { chosenStage, readStage } = await import('../lib/stage.ts');
  buildApp({ stage: readStage(chosenStage(process.env)) }, await bundling).synth();
} catch (error) {
  if (process.env.KILAT_DEBUG) throw error;
  console.error(`kilat: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
