import type { ImageManifest } from '@kilat/contracts';
import { type ImageClassifier, planPixels, scoreLabels, toTensor } from '@kilat/core';
import { reasonOf } from '../../errors.ts';
import { RefusedError } from '../refusal.ts';
import type { Assumed } from './preprocessing.ts';

/** One value per label for a black image. @throws {RefusedError} when the model cannot run, or gives other than labels */
async function answerBlank(model: ImageClassifier): Promise<Float64Array> {
  const { crop } = planPixels(model.manifest.preprocessing, { width: 1, height: 1 });
  const blank = { bytes: new Uint8Array(crop.width * crop.height * 3), width: crop.width, height: crop.height };
  const scores = await scoreLabels(model, toTensor(model, blank)).catch((error: unknown) => {
    throw new RefusedError(`the model does not run on a blank image: ${reasonOf(error)}`);
  });
  const labels = model.manifest.labels.length;
  if (scores.length === labels) return scores;
  throw new RefusedError(`the model gives ${scores.length} values for one image and there are ${labels} labels`);
}

/** @param model with the activation `none`: what it gives is what the graph gives */
export async function guessActivation(
  model: ImageClassifier,
): Promise<Assumed<ImageManifest['postprocessing']['function_to_apply']>> {
  const values = await answerBlank(model);
  const sum = values.reduce((a, b) => a + b, 0);
  const areShares = values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-3;
  return areShares
    ? { value: 'none', notes: ['no --activation: the outputs sum to 1 already, so none is applied'] }
    : { value: 'softmax', notes: ['no --activation: softmax is applied to the outputs'] };
}

/** @throws {RefusedError} when an answer is no confidence from 0 to 1 */
export async function assertConfidences(model: ImageClassifier): Promise<void> {
  const scores = await answerBlank(model);
  const wrong = scores.find((score) => !(score >= 0 && score <= 1));
  if (wrong === undefined) return;
  const { function_to_apply } = model.manifest.postprocessing;
  throw new RefusedError(`with the activation ${function_to_apply} the model gives ${wrong}, which is no confidence`);
}
