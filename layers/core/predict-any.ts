import type { Instance, InstancesResponse, PredictResponse } from '@kilat/contracts';
import type { Photo } from './keep.ts';
import { type PredictPorts, type PredictRequest, predict } from './predict.ts';
import { predictInstances } from './predict-instances.ts';
import type { Served } from './serving/index.ts';
import { isImageClassifier, type LoadedModel, takesNo } from './tasks/index.ts';

/** What a caller asks a model about. */
export type Question =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'instances'; readonly instances: readonly Instance[] };

export interface PredictAnyPorts extends PredictPorts {
  readonly fetchImage: (url: string) => Promise<Uint8Array>;
  /** @throws {PlatformError} when the bytes are no image that the API reads */
  readonly asPhoto: (bytes: Uint8Array) => Photo;
}

export interface AnyRequest extends Omit<PredictRequest, 'served' | 'photo'> {
  readonly served: Served<LoadedModel>;
  /** Perhaps still on its way. */
  readonly body: Promise<Question>;
  /** of rows: say why each got its probability */
  readonly explain: boolean;
}

/**
 * Has a model of whatever task answer.
 * @throws {WrongTaskError} when the model takes something else than what was sent
 */
export async function predictAny(
  ports: PredictAnyPorts,
  { served, body, ...request }: AnyRequest,
): Promise<PredictResponse | InstancesResponse> {
  const { model } = served;
  if (isImageClassifier(model)) {
    const photo = body.then((question) => photoOf(ports, model, question));
    return predict(ports, { ...request, served: { ...served, model }, photo });
  }
  const question = await body;
  if (question.kind !== 'instances') throw takesNo('image', model);
  return predictInstances(ports, { ...request, served: { ...served, model }, instances: question.instances });
}

async function photoOf(
  { asPhoto, fetchImage }: PredictAnyPorts,
  model: LoadedModel,
  question: Question,
): Promise<Photo> {
  if (question.kind === 'instances') throw takesNo('rows', model);
  return asPhoto(question.kind === 'bytes' ? question.bytes : await fetchImage(question.url));
}
