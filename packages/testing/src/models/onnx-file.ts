import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type FunctionProto,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** Models as other people export them, for tests: any operator set, any names, any types. */

export const TYPES = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  uint8: DataType.UINT8,
  int64: DataType.INT64,
  int8: DataType.INT8,
  bool: DataType.BOOL,
} as const;

export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[] | string | TensorProto | GraphProto>> = {},
  domain = '',
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  return create(NodeProtoSchema, {
    opType,
    name: `${opType}_${output[0]}`,
    input: [...input],
    output: [...output],
    attribute,
    domain,
  });
}

function attributeOf(
  name: string,
  value: number | readonly number[] | string | TensorProto | GraphProto,
): AttributeProto {
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
      : create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value });
  }
  if ('$typeName' in value) {
    return value.$typeName === 'onnx.GraphProto'
      ? create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value })
      : create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: value });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
}

export function value(name: string, type: keyof typeof TYPES, dims?: readonly (number | string)[]): ValueInfoProto {
  const shape = dims && {
    dim: dims.map((dim) => ({
      value:
        typeof dim === 'number'
          ? { case: 'dimValue' as const, value: BigInt(dim) }
          : { case: 'dimParam' as const, value: dim },
    })),
  };
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: TYPES[type], ...(shape && { shape }) } } },
  });
}

export function tensor(
  name: string,
  dims: readonly number[],
  values: Float32Array | Uint16Array | BigInt64Array | Int8Array | Uint8Array,
): TensorProto {
  const type = {
    Float32Array: 'float32',
    Uint16Array: 'float16',
    BigInt64Array: 'int64',
    Int8Array: 'int8',
    Uint8Array: 'uint8',
  } as const;
  const dataType = TYPES[type[values.constructor.name as keyof typeof type]];
  const rawData = Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType, rawData });
}

/** A tensor whose values lie in a file beside the model. */
export function externalTensor(
  name: string,
  dims: readonly number[],
  external: Readonly<Record<string, string | number>>,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: DataType.FLOAT,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(external).map(([key, text]) => ({ key, value: String(text) })),
  });
}

export function graph(init: MessageInitShape<typeof GraphProtoSchema>): GraphProto {
  return create(GraphProtoSchema, { name: 'main_graph', ...init });
}

/** The bytes of a model file. `domains` are further operator sets that it imports, all of version 1. */
export function modelFile(
  main: GraphProto,
  { opset = 17, ir = 8, domains = [], functions = [] }: ModelFacts = {},
): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: BigInt(ir),
    opsetImport: [{ domain: '', version: BigInt(opset) }, ...domains.map((domain) => ({ domain, version: 1n }))],
    graph: main,
    functions: [...functions],
  });
  return toBinary(ModelProtoSchema, model);
}

interface ModelFacts {
  readonly opset?: number;
  readonly ir?: number;
  readonly domains?: readonly string[];
  readonly functions?: readonly FunctionProto[];
}
