import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { openOnnxModel, readOnnxSignature } from '@kilat/adapters/onnx-model';
import type { ImageManifest } from '@kilat/contracts';
import { asJson, writeModelFolder } from '../folders.ts';
import { RefusedError } from '../refusal.ts';
import { runGolden } from '../verify/golden-cases.ts';
import { addedModelCard } from './card.ts';
import { type Activation, type Description, draftManifest } from './draft.ts';
import { readWeightsFile } from './files.ts';
import { type GoldenFiles, parseGoldenImage, readGolden } from './golden.ts';
import type { Assumed } from './preprocessing.ts';
import { assertConfidences, guessActivation } from './trial.ts';

export interface AddOptions extends Description {
  readonly modelsDir: string;
  /** a file */
  readonly onnx: string;
  /** @default the one after the model that has the name, or 1 */
  readonly version?: string | undefined;
  /** each `IMAGE=LABEL` */
  readonly golden?: readonly string[] | undefined;
  /** replaces a model of the same name */
  readonly force?: boolean | undefined;
}

export interface AddedModel {
  readonly folder: string;
  readonly manifest: ImageManifest;
  /** what was assumed, one sentence each */
  readonly notes: readonly string[];
}

/**
 * Makes a model folder of anyone's ONNX image classifier. It is written only after the model has answered a blank image
 * and every golden one.
 * @throws {RefusedError} with the first thing that does not fit
 * @throws {ModelUnusableError} when onnxruntime refuses the file
 */
export async function addModel(options: AddOptions): Promise<AddedModel> {
  const { modelsDir, name, golden = [] } = options;
  const version = await versionFor(options);
  const weights = await readWeightsFile(options.onnx);
  const signature = await readOnnxSignature(name, weights);
  const draft = await draftManifest(options, { weights, signature, version });
  const activation = await activationOf(options.activation, draft.value, weights);
  const manifest = withActivation(draft.value, activation.value);
  const files = await readGolden(golden.map((text) => parseGoldenImage(text, manifest.labels)));
  await tryOut(manifest, weights, files);

  await writeModelFolder(modelsDir, name, contentsOf(manifest, weights, files));
  return { folder: join(modelsDir, name), manifest, notes: [...draft.notes, ...activation.notes] };
}

/** @throws {RefusedError} when the name is taken and `force` is not set */
async function versionFor({ modelsDir, name, version, force }: AddOptions): Promise<string> {
  const folder = join(modelsDir, name);
  if (!existsSync(folder)) return version ?? '1';
  if (!force) throw new RefusedError(`${modelsDir} has a model '${name}' already; --force replaces it`);
  const earlier = await readManifest(folder).catch(() => undefined); // a broken one may be replaced as well
  return version ?? `${Number(earlier?.version ?? 0) + 1}`;
}

async function activationOf(
  stated: Activation | undefined,
  draft: ImageManifest,
  weights: Uint8Array,
): Promise<Assumed<Activation>> {
  return stated ? { value: stated, notes: [] } : guessActivation(await openOnnxModel(draft, weights));
}

const withActivation = (manifest: ImageManifest, activation: Activation): ImageManifest => ({
  ...manifest,
  postprocessing: { ...manifest.postprocessing, function_to_apply: activation },
});

async function tryOut(manifest: ImageManifest, weights: Uint8Array, { golden, images }: GoldenFiles): Promise<void> {
  const model = await openOnnxModel(manifest, weights);
  await assertConfidences(model);
  const wrong = (await runGolden(model, golden, async (path) => images.get(path)!)).find(({ ok }) => !ok);
  if (wrong) throw new RefusedError(`the model takes ${wrong.name} for '${wrong.found}', expected '${wrong.expected}'`);
}

const contentsOf = (manifest: ImageManifest, weights: Uint8Array, { golden, images }: GoldenFiles) =>
  new Map<string, string | Uint8Array>([
    ['model.json', asJson(manifest)],
    [manifest.weights.file, weights],
    ['README.md', addedModelCard(manifest)],
    ...(images.size > 0 ? [['golden.json', asJson(golden)] as const] : []),
    ...images,
  ]);
