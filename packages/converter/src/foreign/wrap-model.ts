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

// Field numbers of the ONNX schema that are framed by hand, so that weights stream past.
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_RAW_DATA = 9;

/** Functions within a model need this file format version; what ours need is older. */
const OLDEST_IR_VERSION = 8;

/** What stands between the inputs and the outputs of `ours`, in an order in which it can run. */
export interface Wrapping {
  /** Our nodes before the model; the last ones name its inputs. */
  readonly first: readonly NodeProto[];
  /** The model, as fields of a graph. */
  readonly body: readonly Piece[];
  /** Our nodes behind it; the first ones take its outputs. */
  readonly last: readonly NodeProto[];
}

/**
 * The file of a foreign model between nodes of ours, in its own operator set. Inputs, outputs and weights of `ours` are
 * taken, its nodes are not: they stand in `first` and `last`.
 * @throws JobError `invalid_request` when no room is left in the file.
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
  // Fields of one message may stand in any number of pieces; nodes keep their order.
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
    const data = [openField(TENSOR_RAW_DATA, initializerByteLength(initializer)), ...values];
    pieces.push(...framePieces(GRAPH_INITIALIZER, [toBinary(TensorProtoSchema, description), ...data]));
  }
  return pieces;
}

/** Also where the types are equal: it gives the value its other name. */
export function castNode(from: string, to: string, type: number): NodeProto {
  return create(NodeProtoSchema, {
    opType: 'Cast',
    name: `${to}/Cast`,
    input: [from],
    output: [to],
    attribute: [create(AttributeProtoSchema, { name: 'to', type: AttributeType.INT, i: BigInt(type) })],
  });
}

/** A graph's output of float32 numbers, of any shape. */
export function describeFloats(name: string): ValueInfoProto {
  return create(ValueInfoProtoSchema, { name, type: tensorType(DataType.FLOAT) });
}

/** Without `dims` nothing is said of the shape. */
export function tensorType(elemType: number, dims?: readonly string[]) {
  const shape = dims && { dim: dims.map((value) => ({ value: { case: 'dimParam' as const, value } })) };
  return { value: { case: 'tensorType' as const, value: { elemType, ...(shape && { shape }) } } };
}
