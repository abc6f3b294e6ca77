import { datatypeCode, type OnnxDatatype } from './datatype.ts';
import { InvalidOnnxGraphError } from './errors.ts';
import type { OnnxTensor } from './graph.ts';
import { TensorField } from './onnx-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** TensorProto. @throws {InvalidOnnxGraphError} when there are more or fewer values than the shape says */
export function encodeTensor({ shape, values }: OnnxTensor, name = ''): ProtobufWriter {
  const size = shape.reduce((product, edge) => product * edge, 1);
  if (size !== values.length) {
    throw new InvalidOnnxGraphError(`tensor '${name}' of shape [${shape}] holds ${size} values, not ${values.length}`);
  }
  const writer = new ProtobufWriter();
  for (const edge of shape) writer.int(TensorField.dims, edge);
  if (isNumeric(values)) {
    return writer
      .int(TensorField.dataType, datatypeCode(datatypeOf(values)))
      .string(TensorField.name, name)
      .bytes(TensorField.rawData, littleEndian(values));
  }
  writer.int(TensorField.dataType, datatypeCode('BYTES'));
  for (const value of values) writer.string(TensorField.stringData, value);
  return writer.string(TensorField.name, name);
}

type Numbers = Exclude<OnnxTensor['values'], readonly string[]>;

const isNumeric = (values: OnnxTensor['values']): values is Numbers => ArrayBuffer.isView(values);

function datatypeOf(values: Numbers): OnnxDatatype {
  if (values instanceof Float32Array) return 'FP32';
  return values instanceof Float64Array ? 'FP64' : 'INT64';
}

/** The bytes as they lie in memory: every machine that Node runs on is little-endian, as raw_data has to be. */
export const littleEndian = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
