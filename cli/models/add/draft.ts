import { sha256Of } from '@kilat/adapters/model-folder';
import { type ImageManifest, imageManifestSchema } from '@kilat/contracts';
import * as z from 'zod';
import { RefusedError } from '../refusal.ts';
import { readTextFile } from './files.ts';
import { type FittedGraph, fitSignature, type Signature } from './fit.ts';
import { parseLabels } from './labels.ts';
import { type Assumed, assumePreprocessing, parsePreprocessing } from './preprocessing.ts';

export type Activation = ImageManifest['postprocessing']['function_to_apply'];

/** What a person says about a model. */
export interface Description {
  readonly name: string;
  /** files */
  readonly labels: string;
  readonly preprocessing?: string | undefined;
  /** pixels */
  readonly size?: number | undefined;
  readonly output?: string | undefined;
  readonly activation?: Activation | undefined;
  readonly licence?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * The manifest of weights, from what they say themselves, what is said about them, and what can be assumed. Where no
 * activation is said it is `none`: what the outputs are shows when the model runs.
 * @throws {RefusedError} when one does not fit the other
 */
export async function draftManifest(
  description: Description,
  { weights, signature, version }: { weights: Uint8Array; signature: Signature; version: string },
): Promise<Assumed<ImageManifest>> {
  const graph = fitSignature(signature, description);
  const preprocessing = await preprocessingOf(description, graph);
  const labels = parseLabels(await readTextFile('labels', description.labels));
  assertLabelCount(graph, labels);
  const manifest = parseManifest({
    name: description.name,
    version,
    task: 'image-classification',
    description: description.description ?? `An image classifier of ${labels.length} labels.`,
    licence: description.licence ?? 'not stated',
    source: { kind: 'added' },
    weights: { file: 'model.onnx', sha256: sha256Of(weights), bytes: weights.length },
    signature: settled(signature, graph),
    preprocessing: preprocessing.value,
    postprocessing: { function_to_apply: description.activation ?? 'none', output: graph.output.name },
    labels,
  });
  return { value: manifest, notes: preprocessing.notes };
}

const preprocessingOf = async ({ preprocessing }: Description, graph: FittedGraph) =>
  preprocessing
    ? parsePreprocessing(await readTextFile('preprocessing', preprocessing), graph)
    : assumePreprocessing(graph);

function assertLabelCount({ output }: FittedGraph, labels: readonly string[]): void {
  const classes = output.shape[1]!;
  if (classes === -1 || classes === labels.length) return;
  throw new RefusedError(`'${output.name}' has ${classes} values and there are ${labels.length} labels`);
}

/** The signature with its free sizes settled; an output without dimensions is nobody's to ask for. */
const settled = ({ outputs }: Signature, { input }: FittedGraph): Signature => ({
  inputs: [input],
  outputs: outputs.filter(({ shape }) => shape.length > 0),
});

function parseManifest(manifest: unknown): ImageManifest {
  const parsed = imageManifestSchema.safeParse(manifest);
  if (!parsed.success) throw new RefusedError(`the model cannot be described: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
