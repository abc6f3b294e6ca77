/**
 * Field numbers of the messages of ONNX that we write or read.
 * Source: https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto
 */
export const ModelField = {
  irVersion: 1,
  producerName: 2,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
  trainingInfo: 20,
  functions: 25,
} as const;

export const OperatorSetField = { domain: 1, version: 2 } as const;

/** StringStringEntryProto */
export const EntryField = { key: 1, value: 2 } as const;

export const GraphField = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  quantizationAnnotation: 14,
  sparseInitializer: 15,
} as const;

export const NodeField = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;

export const AttributeField = {
  name: 1,
  float: 2,
  int: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  tensors: 10,
  graphs: 11,
  type: 20,
  sparseTensor: 22,
  sparseTensors: 23,
} as const;

/** AttributeProto.AttributeType */
export const AttributeType = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

export const TensorField = {
  dims: 1,
  dataType: 2,
  stringData: 6,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;

/** SparseTensorProto */
export const SparseTensorField = { values: 1, indices: 2 } as const;

export const ValueInfoField = { name: 1, type: 2 } as const;

/** TypeProto: the one case that is a plain tensor */
export const TypeField = { tensor: 1 } as const;

/** TypeProto.Tensor */
export const TensorTypeField = { elementType: 1, shape: 2 } as const;

/** TensorShapeProto */
export const ShapeField = { dimension: 1 } as const;

/** TensorShapeProto.Dimension */
export const DimensionField = { value: 1, parameter: 2 } as const;

/** TrainingInfoProto */
export const TrainingInfoField = { initialization: 1, algorithm: 2 } as const;

export const FunctionField = { node: 7, attribute: 11 } as const;
