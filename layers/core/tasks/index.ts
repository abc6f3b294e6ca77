import type { Golden, ModelManifest, Task } from '@kilat/contracts';
import { WrongTaskError } from '../errors.ts';
import { type ImageClassifier, imageClassification } from './image-classification/index.ts';
import type { Session } from './session.ts';
import { type TabularClassifier, tabularClassification } from './tabular-classification/index.ts';
import type { ArtefactFiles, GoldenResult, TaskRow } from './task.ts';

export * from './image-classification/index.ts';
export * from './session.ts';
export * from './tabular-classification/index.ts';
export * from './task.ts';

interface Models {
  readonly 'image-classification': ImageClassifier;
  readonly 'tabular-classification': TabularClassifier;
}

type Tasks = { readonly [T in Task]: TaskRow<Extract<ModelManifest, { task: T }>, Models[T]> };

/** One row a task: a new one is a folder here, its manifest's schema in contracts, and a row. */
const tasks: Tasks = {
  'image-classification': imageClassification,
  'tabular-classification': tabularClassification,
};

/** A model whose weights are loaded. */
export type LoadedModel = Models[Task];
export type ModelOf<M extends ModelManifest> = Models[M['task']];

export const isImageClassifier = (model: LoadedModel): model is ImageClassifier =>
  model.manifest.task === 'image-classification';

const told = {
  image: 'takes rows of a table, as JSON with "instances", and no image',
  rows: 'takes an image, and no rows of a table',
};

/** The refusal of what a model does not take. */
export const takesNo = (what: keyof typeof told, { manifest }: LoadedModel): WrongTaskError =>
  new WrongTaskError(`'${manifest.name}' ${told[what]}`);

/** @throws {WrongTaskError} when the model takes something else */
export function assertImageClassifier(model: LoadedModel): asserts model is ImageClassifier {
  if (!isImageClassifier(model)) throw takesNo('image', model);
}

/** @throws {WrongTaskError} when the model takes something else */
export function assertTabularClassifier(model: LoadedModel): asserts model is TabularClassifier {
  if (isImageClassifier(model)) throw takesNo('rows', model);
}

/** The row of a manifest's task: TypeScript does not see that the two belong together. */
const rowOf = (manifest: ModelManifest): TaskRow<ModelManifest, LoadedModel> =>
  tasks[manifest.task] as unknown as TaskRow<ModelManifest, LoadedModel>;

export const faultOf = (manifest: ModelManifest): string | undefined => rowOf(manifest).fault(manifest);

/** @throws {ModelUnusableError} when a file is missing, or does not fit the manifest */
export const openModel = <M extends ModelManifest>(manifest: M, session: Session, files: ArtefactFiles): ModelOf<M> =>
  rowOf(manifest).open(manifest, session, files) as ModelOf<M>;

/** Runs a model on something blank. @throws whatever onnxruntime throws */
export const probe = (model: LoadedModel): Promise<void> => rowOf(model.manifest).probe(model);

export const countGoldenCases = (manifest: ModelManifest, golden: Golden): number => rowOf(manifest).countCases(golden);

/** Every golden case that can be run with the model alone. */
export const runGoldenCases = (model: LoadedModel, golden: Golden): Promise<GoldenResult[]> =>
  rowOf(model.manifest).runCases(model, golden);
