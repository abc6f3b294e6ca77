import { type ImagePreprocessing, imagePreprocessingSchema } from '@kilat/contracts';
import { planPixels } from '@kilat/core';
import * as z from 'zod';
import { RefusedError } from '../refusal.ts';
import type { FittedGraph } from './fit.ts';

export interface Assumed<T> {
  readonly value: T;
  /** what was not said and had to be assumed, for the person to judge */
  readonly notes: readonly string[];
}

type Config = Readonly<Record<string, unknown>>;

const known = Object.keys(imagePreprocessingSchema.shape);

/** Keys that change pixels in ways this platform does not know: leaving them out would quietly cost accuracy. */
const unsupported = [
  'do_pad',
  'do_reduce_labels',
  'include_top',
  'rescale_offset',
  'do_thumbnail',
  'do_align_long_axis',
];

const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };

/**
 * Hugging Face's `preprocessor_config.json` as this platform's preprocessing.
 * @throws {RefusedError} when it asks for what cannot be done, or its result is not what the model takes
 */
export function parsePreprocessing(text: string, graph: FittedGraph): Assumed<ImagePreprocessing> {
  const config = parseConfig(text);
  const asked = unsupported.filter((key) => config[key] === true);
  if (asked.length > 0)
    throw new RefusedError(`the preprocessing asks for ${asked.join(', ')}, which is not supported`);
  const notes = [...ignoredNote(config), ...sizeNote(config), ...normalisationNote(config)];
  return { value: checked({ ...config, ...sizes(config), ...normalisation(config) }, graph), notes };
}

/** What most classifiers were trained with: a margin of an eighth cut off, ImageNet's mean and deviation. */
export function assumePreprocessing(graph: FittedGraph): Assumed<ImagePreprocessing> {
  const { width, height } = graph;
  const edge = Math.round((Math.max(width, height) * 256) / 224);
  const size = { shortest_edge: edge };
  const preprocessing = { size, do_center_crop: true, crop_size: { height, width }, do_normalize: true, ...imagenet };
  const note = `no --preprocessing: assumed the shorter edge to ${edge}, centre crop ${width} x ${height}, ImageNet's mean and deviation`;
  return { value: checked(preprocessing, graph), notes: [note] };
}

function parseConfig(text: string): Config {
  try {
    const config: unknown = JSON.parse(text);
    if (config !== null && typeof config === 'object' && !Array.isArray(config)) return config as Config;
  } catch {} // told below, as any other content
  throw new RefusedError('the preprocessing is no JSON object');
}

const ignoredNote = (config: Config): string[] => {
  const ignored = Object.keys(config).filter((key) => !known.includes(key) && key !== 'crop_pct');
  return ignored.length > 0 ? [`ignored in the preprocessing: ${ignored.join(', ')}`] : [];
};

const isNumber = (value: unknown): value is number => typeof value === 'number';
const square = (edge: number) => ({ height: edge, width: edge });

/** Older configurations hold one number, which processors that crop read as the shorter edge and others as both. */
function sizes(config: Config): Config {
  const { crop_size, crop_pct } = config;
  const size = isNumber(config.size) && isCropped(config) ? { shortest_edge: config.size } : config.size;
  const edge = (size as { shortest_edge?: number } | undefined)?.shortest_edge;
  if (isNumber(crop_pct) && edge && edge < 384) {
    // ConvNeXt's way (transformers, ConvNextImageProcessor.resize): enlarge by the share, then cut to the size
    const enlarged = { shortest_edge: Math.floor(edge / crop_pct) };
    return { do_convert_rgb: true, size: enlarged, do_center_crop: true, crop_size: square(edge) };
  }
  const crop = isNumber(crop_size) ? square(crop_size) : crop_size;
  return { do_convert_rgb: true, size: isNumber(size) ? square(size) : size, crop_size: crop };
}

const isCropped = (config: Config): boolean => config.do_center_crop === true || isNumber(config.crop_pct);

const sizeNote = (config: Config): string[] =>
  isNumber(config.size)
    ? [`size ${config.size} is read as ${isCropped(config) ? 'the shorter edge' : 'both edges'}`]
    : [];

/** Where `do_normalize` is left out, Hugging Face's processors normalise. */
function normalisation(config: Config): Config {
  const { do_normalize = true, image_mean, image_std } = config;
  if (!do_normalize) return { do_normalize };
  return { do_normalize, image_mean: image_mean ?? imagenet.image_mean, image_std: image_std ?? imagenet.image_std };
}

const normalisationNote = (config: Config): string[] =>
  config.do_normalize !== false && !(config.image_mean && config.image_std)
    ? ["the preprocessing states no mean or deviation: assumed ImageNet's"]
    : [];

/** Whatever an image measures, the model must get its size: a wide one and a tall one show it. */
function checked(preprocessing: unknown, { width, height }: FittedGraph): ImagePreprocessing {
  const parsed = imagePreprocessingSchema.safeParse(preprocessing);
  if (!parsed.success) throw new RefusedError(`the preprocessing is not in order: ${z.prettifyError(parsed.error)}`);
  for (const original of [
    { width: 997, height: 331 },
    { width: 331, height: 997 },
  ]) {
    const { crop } = planPixels(parsed.data, original);
    if (crop.width === width && crop.height === height) continue;
    throw new RefusedError(
      `the preprocessing makes ${crop.width} x ${crop.height} of an image of ${original.width} x ${original.height}; the model takes ${width} x ${height}`,
    );
  }
  return parsed.data;
}
