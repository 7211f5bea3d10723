// The format's own functions, for packages that read or write models of other people's making.
export { create, fromBinary, toBinary } from '@bufbuild/protobuf';
export {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
export { computeInFloat32 } from './graph/compute-in-float32.js';
export { computeInInt8 } from './graph/compute-in-int8.js';
export { findInt8Layers } from './graph/int8-layers.js';
export type { Range, WeightBits } from './graph/int8-steps.js';
export { type Dim, ELEMENT_CODES, type FloatType, OnnxGraph, OPSET_VERSION, type Value } from './graph/onnx-graph.js';
export {
  batchNorm,
  bidirectionalGru,
  conv2d,
  layerNorm,
  linear,
  linearRows,
  maxPool2d,
  parametricRelu,
  resizeBilinear,
  resizeNearestLike,
} from './graph/onnx-layers.js';
export {
  add,
  cast,
  concat,
  constant,
  dimOf,
  expandLike,
  gelu,
  leakyRelu,
  length2,
  lengthOf,
  matmul,
  mean,
  multiply,
  only,
  relu,
  reshape,
  sigmoid,
  slice,
  softmax,
  subtract,
  transpose,
} from './graph/onnx-operators.js';
export { framePieces, type Piece, piecesByteLength, streamPieces } from './read/model-pieces.js';
export { type OnnxModel, readOnnx, type StoredInitializer } from './read/read-onnx.js';
export {
  ELEMENT_BYTES,
  encodeModel,
  initializerByteLength,
  initializerBytes,
  LARGEST_MODEL_BYTES,
  openField,
} from './write/encode-model.js';
export { type WrittenFiles, weightBytes, writeModels, writeStream } from './write/write-model.js';
