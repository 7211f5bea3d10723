import { checkpointError } from '@styleflow/files';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  create,
  TensorProto_DataType as DataType,
  ELEMENT_CODES,
  framePieces,
  GraphProtoSchema,
  initializerByteLength,
  initializerBytes,
  LARGEST_MODEL_BYTES,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type OnnxGraph,
  OPSET_VERSION,
  openField,
  type Piece,
  piecesByteLength,
  TensorProtoSchema,
  toBinary,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '@styleflow/onnx';
import type { PreparedModel } from './prepare-model.js';

// Numbers of the ONNX schema's fields that are framed by hand, so that weights are streamed.
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

/** The file format version that functions within a model need. Our operators need an older one. */
const OLDEST_IR_VERSION = 8;

/** The nodes between the inputs and the outputs of `ours`, in an order in which they can run. */
export interface Wrapping {
  /** Our nodes before the model. The last of them give its inputs. */
  readonly first: readonly NodeProto[];
  /** The model, as fields of a graph. */
  readonly body: readonly Piece[];
  /** Our nodes behind the model. The first of them take its outputs. */
  readonly last: readonly NodeProto[];
}

/**
 * Writes a foreign model between our nodes, in its own operator set. Of `ours` the inputs, outputs and weights are
 * used; its nodes are taken from `first` and `last`.
 * @throws JobError `invalid_request` when the file has no room left.
 */
export async function wrapModel(
  model: PreparedModel<unknown>,
  ours: OnnxGraph,
  { first, body, last }: Wrapping,
): Promise<readonly Piece[]> {
  const outline = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, { name: ours.name, input: ours.inputs, output: ours.outputs }),
  );
  // The fields of one message may stand in any number of pieces, and nodes keep their order across them.
  const graph = [outline, nodesOf(first), ...body, nodesOf(last), ...(await adapterInitializers(ours))];
  const pieces = [headerOf(model), ...framePieces(MODEL_GRAPH, graph)];
  if (piecesByteLength(pieces) > LARGEST_MODEL_BYTES) {
    throw checkpointError('the model fills its 2 GiB to the last byte: save it with its weights as external data');
  }
  return pieces;
}

/** The model's nodes and weights as fields of a graph. */
export function foreignGraph({ graph, initializers }: PreparedModel<unknown>, nodes: readonly NodeProto[]): Piece[] {
  const { sparseInitializer } = graph;
  const rest = toBinary(GraphProtoSchema, create(GraphProtoSchema, { node: [...nodes], sparseInitializer }));
  return [rest, ...initializers.flatMap((pieces) => framePieces(GRAPH_INITIALIZER, pieces))];
}

function headerOf({ header }: PreparedModel<unknown>): Uint8Array {
  const imports = header.opsetImport;
  const hasDefault = imports.some(({ domain }) => domain === '' || domain === 'ai.onnx');
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: header.irVersion > OLDEST_IR_VERSION ? header.irVersion : BigInt(OLDEST_IR_VERSION),
      producerName: 'styleflow',
      opsetImport: hasDefault ? imports : [...imports, { domain: '', version: BigInt(OPSET_VERSION) }],
      functions: header.functions,
    }),
  );
}

function nodesOf(nodes: readonly NodeProto[]): Uint8Array {
  return toBinary(GraphProtoSchema, create(GraphProtoSchema, { node: [...nodes] }));
}

async function adapterInitializers(ours: OnnxGraph): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const initializer of ours.initializers) {
    const { name, type, shape } = initializer;
    const description = create(TensorProtoSchema, { name, dataType: ELEMENT_CODES[type], dims: shape.map(BigInt) });
    const values: Uint8Array[] = [];
    for await (const piece of initializerBytes(initializer)) values.push(piece);
    const rawData = [openField(TENSOR_RAW_DATA, initializerByteLength(initializer)), ...values];
    pieces.push(...framePieces(GRAPH_INITIALIZER, [toBinary(TensorProtoSchema, description), ...rawData]));
  }
  return pieces;
}

/** A cast from one name to another. It is also added where the types are equal, because it renames the value. */
export function castNode(from: string, to: string, type: number): NodeProto {
  return create(NodeProtoSchema, {
    opType: 'Cast',
    name: `${to}/Cast`,
    input: [from],
    output: [to],
    attribute: [create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: BigInt(type) })],
  });
}

/** Describes an output of float32 numbers of any shape. */
export function describeFloats(name: string): ValueInfoProto {
  return create(ValueInfoProtoSchema, { name, type: tensorType(DataType.FLOAT) });
}

/** Describes a tensor's type. Without `dims` its shape is left open. */
export function tensorType(elemType: number, dims?: readonly string[]) {
  const shape = dims && { dim: dims.map((value) => ({ value: { case: 'dimParam' as const, value } })) };
  return { value: { case: 'tensorType' as const, value: { elemType, ...(shape && { shape }) } } };
}
