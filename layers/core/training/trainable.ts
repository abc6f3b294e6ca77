import type { ModelManifest } from '@kilat/contracts';
import { NotTrainableError } from '../errors.ts';
import type { Recipe } from './recipe.ts';

/** The output from whose values the head of an image classifier is trained anew. */
export const EMBEDDING_OUTPUT = 'embedding';

/** Why a version cannot be trained anew. @returns undefined where it can */
export function reasonAgainstTraining({ task, signature }: ModelManifest): string | undefined {
  if (task === 'tabular-classification') return undefined;
  if (signature.outputs.some(({ name }) => name === EMBEDDING_OUTPUT)) return undefined;
  return `it has no output '${EMBEDDING_OUTPUT}', from which its head could be trained`;
}

/** The recipe of a model's task. @throws {NotTrainableError} where there is none */
export const recipeAmong =
  (recipes: readonly Recipe[]) =>
  (manifest: ModelManifest): Recipe => {
    const recipe = recipes.find(({ task }) => task === manifest.task);
    if (!recipe) throw new NotTrainableError(manifest.name, `nobody knows how to train a model of ${manifest.task}`);
    return recipe;
  };
