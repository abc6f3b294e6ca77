import { join } from 'node:path';
import { type FunctionName, functionEnv } from '@kilat/contracts';
import { type Files, writeFolder } from './folder.ts';
import { bundleFunctions } from './functions.ts';
import { modelDescriptions, modelFiles, modelManifests, shippedModels } from './models.ts';
import { nativePackageFiles } from './native-packages.ts';
import { thirdPartyFiles } from './third-party.ts';

export { NativePackageInZipError } from './functions.ts';
export { BrokenModelError } from './models.ts';

export interface BundleOptions {
  /** the repository */
  readonly root: string;
  /** holds `<function>/handler.ts` */
  readonly functionsDir: string;
  /** holds `<model>/model.json` and its weights */
  readonly modelsDir: string;
  readonly outDir: string;
}

export interface Bundle {
  /**
   * By function, the folder that becomes its LAMBDA_TASK_ROOT: `index.mjs`, and `models/` where it needs them. Those
   * of the image share one, which is its context as well.
   */
  readonly folders: Readonly<Record<FunctionName, string>>;
  /** names of the models that can be served */
  readonly models: readonly string[];
}

/** They share an image: its layers are pulled once, and the models in it are the same. */
const imageFunctions: readonly FunctionName[] = ['predict', 'batch', 'verify', 'train'];

const functionNames = Object.keys(functionEnv) as FunctionName[];

/** Writes all that is uploaded: the same bytes for the same sources, so that what did not change is not deployed. */
export async function bundle({ root, functionsDir, modelsDir, outDir }: BundleOptions): Promise<Bundle> {
  const models = shippedModels(modelsDir);
  const { code, sources } = await bundleFunctions({ root, functionsDir, names: functionNames, images: imageFunctions });
  const dockerfile: Files = new Map([['Dockerfile', { from: join(functionsDir, 'predict/Dockerfile') }]]);
  const beside: Partial<Record<FunctionName, Files>> = {
    predict: new Map([
      ...dockerfile,
      ...nativePackageFiles(root),
      ...thirdPartyFiles(
        root,
        imageFunctions.flatMap((name) => sources.get(name)!),
      ),
      ...modelFiles(models),
    ]),
    models: modelDescriptions(models),
    jobs: modelManifests(models),
    training: modelManifests(models),
  };
  const folders = foldersIn(outDir);
  for (const [folder, names] of Map.groupBy(functionNames, (name) => folders[name])) {
    writeFolder(folder, new Map(names.flatMap((name) => [...code.get(name)!, ...(beside[name] ?? [])])));
  }
  return { folders, models: models.map(({ name }) => name) };
}

const foldersIn = (outDir: string): Bundle['folders'] => ({
  predict: join(outDir, 'images/inference'),
  batch: join(outDir, 'images/inference'),
  verify: join(outDir, 'images/inference'),
  train: join(outDir, 'images/inference'),
  training: join(outDir, 'functions/training'),
  jobs: join(outDir, 'functions/jobs'),
  'job-control': join(outDir, 'functions/job-control'),
  history: join(outDir, 'functions/history'),
  models: join(outDir, 'functions/models'),
  runs: join(outDir, 'functions/runs'),
  usage: join(outDir, 'functions/usage'),
  platform: join(outDir, 'functions/platform'),
  'pre-token': join(outDir, 'functions/pre-token'),
});
