import { enableCompileCache } from 'node:module';

// Half of what it takes to load the CDK goes into compiling it; kept, that is a quarter of a second less.
enableCompileCache();
const { bundleProject } = await import('../lib/bundle/project.ts');
const bundling = bundleProject();
const { buildApp } = await import('../lib/app.ts');
const { chosenStage, readStage } = await import('../lib/stage.ts');

buildApp({ stage: readStage(chosenStage(process.env)) }, await bundling).synth();
