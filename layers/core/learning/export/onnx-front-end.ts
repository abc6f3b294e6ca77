import { ML_DOMAIN, type OnnxNode, type OnnxValueInfo } from '../../onnx/index.ts';
import { type CategoryEncoding, type EncoderState, type NumberEncoding, scaling } from '../table/encoder.ts';
import { integers, node, type OnnxPart } from './onnx-part.ts';

/**
 * The graph's inputs: one for each column, by its name, of the shape [N, 1]. A number is FP32, NaN where it is missing,
 * and a boolean is 1 or 0; a category is a string, empty where it is missing.
 */
export const frontEndInputs = ({ numbers, categories }: EncoderState): OnnxValueInfo[] => [
  ...numbers.map(({ column }) => ({ name: column, datatype: 'FP32' as const, shape: ['N', 1] })),
  ...categories.map(({ column }) => ({ name: column, datatype: 'BYTES' as const, shape: ['N', 1] })),
];

/**
 * An encoder as nodes: Imputer and Scaler over the numbers, a OneHotEncoder for each category, all joined.
 * @param output FP32 [N, features], bit for bit what {@link encode} makes
 * @throws {RangeError} when the encoder makes no feature
 */
export function onnxFrontEnd({ numbers, categories }: EncoderState, output: string): OnnxPart {
  const seen = categories.filter(({ categories: values }) => values.length > 0);
  const parts = [...(numbers.length > 0 ? [numberPart(numbers)] : []), ...seen.map(categoryPart)];
  if (parts.length === 0) throw new RangeError('the encoder makes no feature; a model needs at least one');
  const made = parts.map(({ nodes }) => nodes.at(-1)!.outputs[0]!);
  return {
    nodes: [...parts.flatMap(({ nodes }) => nodes), concatNode(made, output)],
    initializers: parts.flatMap(({ initializers }) => initializers),
  };
}

function numberPart(numbers: readonly NumberEncoding[]): OnnxPart {
  const scalings = numbers.map(scaling);
  return {
    nodes: [
      concatNode(
        numbers.map(({ column }) => column),
        '/numbers',
      ),
      {
        ...node('Imputer', ['/numbers'], '/imputed', {
          imputed_value_floats: { floats: scalings.map(({ median }) => median) },
          replaced_value_float: { float: Number.NaN },
        }),
        domain: ML_DOMAIN,
      },
      {
        ...node('Scaler', ['/imputed'], '/scaled', {
          offset: { floats: scalings.map(({ offset }) => offset) },
          scale: { floats: scalings.map(({ scale }) => scale) },
        }),
        domain: ML_DOMAIN,
      },
    ],
    initializers: [],
  };
}

/** The OneHotEncoder adds an axis of its own, [N, 1, categories], which is taken away again. */
function categoryPart({ column, categories }: CategoryEncoding): OnnxPart {
  const [encoded, shape] = [`/one_hot/${column}`, `/shape/${column}`];
  return {
    nodes: [
      {
        ...node('OneHotEncoder', [column], encoded, { cats_strings: { strings: categories }, zeros: { int: 1 } }),
        domain: ML_DOMAIN,
      },
      node('Reshape', [encoded, shape], `/features/${column}`),
    ],
    initializers: [integers(shape, [-1, categories.length])],
  };
}

const concatNode = (inputs: readonly string[], output: string): OnnxNode =>
  node('Concat', inputs, output, { axis: { int: 1 } });
