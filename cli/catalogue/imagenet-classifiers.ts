import { type ImageManifest, imageManifestSchema } from '@kilat/contracts';
import type { CatalogueEntry } from './entry.ts';

// 1000 class names in the order of the ONNX model zoo's synset.txt, synonyms kept; the two cranes are told apart.
import labels from './imagenet-labels.json' with { type: 'json' };

const ZOO = 'https://github.com/onnx/models/tree/main/validated/vision/classification';
const MEDIA = 'https://media.githubusercontent.com/media/onnx/models/main/validated/vision/classification';

/** What torchvision's and MXNet's classifiers were trained with: the zoo's README of each model states it. */
const preprocessing = {
  size: { shortest_edge: 256 },
  resample: 2,
  do_center_crop: true,
  crop_size: { height: 224, width: 224 },
  do_normalize: true,
  image_mean: [0.485, 0.456, 0.406],
  image_std: [0.229, 0.224, 0.225],
};

interface ZooModel {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  /** the folder of the zoo */
  readonly family: string;
  readonly weights: Omit<ImageManifest['weights'], 'urls'>;
  readonly input: { readonly name: string; readonly batch: 1 | -1 };
  readonly output: string;
  /** published on the 50,000 validation photos, in percent */
  readonly accuracy: { readonly top_1: number; readonly top_5: number };
  readonly notes?: readonly string[];
}

/** Hugging Face holds one repository per file of the zoo, named as the file is. */
const mirrorsOf = ({ family, weights: { file } }: ZooModel): CatalogueEntry['mirrors'] => [
  {
    url: `https://huggingface.co/onnxmodelzoo/${file.replace(/\.onnx$/, '')}/resolve/main/${file}`,
    isVerified: false,
  },
  { url: `${MEDIA}/${family}/model/${file}`, isVerified: false },
];

function entryOf(model: ZooModel): CatalogueEntry {
  const { name, description, licence, family, weights, input, output, accuracy } = model;
  const mirrors = mirrorsOf(model);
  const shape = [input.batch, 3, 224, 224];
  const manifest = imageManifestSchema.parse({
    name,
    version: '1',
    task: 'image-classification',
    description,
    licence,
    source: { kind: 'pulled', publisher: 'ONNX model zoo', page: `${ZOO}/${family}` },
    weights: { ...weights, urls: mirrors.map(({ url }) => url) },
    signature: {
      inputs: [{ name: input.name, datatype: 'FP32', shape }],
      outputs: [{ name: output, datatype: 'FP32', shape: [input.batch, labels.length] }],
    },
    preprocessing,
    postprocessing: { function_to_apply: 'softmax', output },
    labels,
    metrics: { published_accuracy_percent: accuracy, dataset: 'ImageNet (ILSVRC2012), validation' },
  });
  return { manifest, mirrors, notes: model.notes ?? [] };
}

const int8Note =
  'Its weights and activations are 8-bit integers. Processors round them differently: expect confidences to differ by a few hundredths between machines.';

export const imagenetClassifiers: readonly CatalogueEntry[] = [
  entryOf({
    name: 'mobilenetv2',
    description: 'MobileNetV2, 8-bit: small and quick, names one of 1000 ImageNet classes.',
    licence: 'Apache-2.0',
    family: 'mobilenet',
    weights: {
      file: 'mobilenetv2-12-int8.onnx',
      sha256: 'cc028fe6cae7bc11a4ff53cfc9b79c920e8be65ce33a904ec3e2a8f66d77f95f',
      bytes: 3_655_033,
    },
    input: { name: 'input', batch: -1 },
    output: 'output',
    accuracy: { top_1: 68.3, top_5: 88.44 },
    notes: [int8Note],
  }),
  entryOf({
    name: 'shufflenetv2',
    description: 'ShuffleNet v2, 8-bit: the smallest, names one of 1000 ImageNet classes.',
    licence: 'BSD-3-Clause',
    family: 'shufflenet',
    weights: {
      file: 'shufflenet-v2-12-int8.onnx',
      sha256: 'bf5eefde67941aa7eaa7787316c9c52c4b04e07fc9587a6ea7028883be9a8d4e',
      bytes: 2_388_912,
    },
    input: { name: 'input', batch: 1 },
    output: 'output',
    accuracy: { top_1: 66.15, top_5: 86.34 },
    notes: [
      int8Note,
      'It takes one image at a time: its batch is fixed at 1.',
      'On Intel processors with AMX (4th generation Xeon and later), onnxruntime 1.23 gave wrong answers for this file (microsoft/onnxruntime#26324, closed unfixed). Try it there on photos that you know before you serve it, or take another model.',
    ],
  }),
  entryOf({
    name: 'resnet50',
    description: 'ResNet-50 v1, FP32: larger and more accurate, names one of 1000 ImageNet classes.',
    licence: 'Apache-2.0',
    family: 'resnet',
    weights: {
      file: 'resnet50-v1-12.onnx',
      sha256: '3f03fdef724b22947eed826f1eef1dc5c34151bb4c37d634f1db89dfa2dd1526',
      bytes: 102_576_593,
    },
    input: { name: 'data', batch: -1 },
    output: 'resnetv17_dense0_fwd',
    accuracy: { top_1: 74.97, top_5: 92.33 },
  }),
];
