import { create, toBinary } from '@bufbuild/protobuf';
import { elementCount } from '@styleflow/files';
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf';
import {
  ELEMENT_CODES,
  type ElementType,
  type Initializer,
  IR_VERSION,
  type OnnxGraph,
  OPSET_VERSION,
  RUNTIME_DOMAIN,
} from '../graph/onnx-graph.js';
import { encodeHalf } from './encode-half.js';

/** Where the data of an initializer lies when it is not in the model file itself. */
export interface ExternalPlace {
  /** File name beside the model file. */
  readonly location: string;
  readonly offset: number;
}

/** Protobuf cannot frame a message of 2 GiB; larger weights go to an external file. */
export const LARGEST_MODEL_BYTES = 2 ** 31 - 1;

export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
};

// Numbers of the ONNX schema's fields that are framed by hand, so that weights are streamed and not copied at each
// nesting.
const MODEL_GRAPH_FIELD = 7;
const GRAPH_INITIALIZER_FIELD = 5;
const TENSOR_RAW_DATA_FIELD = 9;
const LENGTH_DELIMITED = 2;

/**
 * The bytes of the model file, in pieces: first the protobuf of everything small, then each initializer as it is read.
 * `places` names the initializers whose data lies in an external file.
 */
export async function* encodeModel(
  graph: OnnxGraph,
  places: ReadonlyMap<string, ExternalPlace> = new Map(),
): AsyncGenerator<Uint8Array> {
  const model = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'styleflow',
      opsetImport: [
        { domain: '', version: BigInt(OPSET_VERSION) },
        // Named only where it is used, so that the bytes of other graphs stay what they are.
        ...(graph.nodes.some(({ domain }) => domain === RUNTIME_DOMAIN)
          ? [{ domain: RUNTIME_DOMAIN, version: 1n }]
          : []),
      ],
    }),
  );
  const structure = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, {
      name: graph.name,
      node: graph.nodes,
      input: graph.inputs,
      output: graph.outputs,
      // Type and shape of every value in between. The runtime compares them with its own inference when it loads the
      // file.
      valueInfo: graph.between(),
    }),
  );
  const tensors = graph.initializers.map((initializer) => frameTensor(initializer, places.get(initializer.name)));
  const graphBytes = tensors.reduce((sum, { head, dataBytes }) => sum + head.length + dataBytes, structure.length);
  if (model.length + graphBytes > LARGEST_MODEL_BYTES) {
    throw new RangeError(`a model of ${graphBytes} bytes needs external data: a model file holds less than 2 GiB`);
  }
  yield model;
  yield openField(MODEL_GRAPH_FIELD, graphBytes);
  yield structure;
  for (const { head, initializer, dataBytes } of tensors) {
    yield head;
    if (dataBytes > 0) yield* initializerBytes(initializer);
  }
}

/**
 * The little-endian bytes of an initializer, in pieces.
 * @throws when their count does not match the shape.
 */
export async function* initializerBytes(initializer: Initializer): AsyncGenerator<Uint8Array> {
  let sent = 0;
  const pieces = ArrayBuffer.isView(initializer.weight) ? [initializer.weight] : initializer.weight.pieces();
  for await (const values of pieces) {
    const isHalf = initializer.type === 'float16' && values instanceof Float32Array;
    const piece = isHalf ? encodeHalf(values, initializer.name) : values;
    yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
    sent += piece.byteLength;
  }
  if (sent !== initializerByteLength(initializer)) {
    throw new RangeError(
      `${initializer.name} gave ${sent} bytes where its shape [${initializer.shape.join(', ')}] needs ${initializerByteLength(initializer)}`,
    );
  }
}

export function initializerByteLength(initializer: Initializer): number {
  return elementCount(initializer.shape) * ELEMENT_BYTES[initializer.type];
}

function frameTensor(initializer: Initializer, place: ExternalPlace | undefined) {
  const length = initializerByteLength(initializer);
  const description = toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, {
      name: initializer.name,
      dataType: ELEMENT_CODES[initializer.type],
      dims: initializer.shape.map(BigInt),
      ...(place && {
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: [
          { key: 'location', value: place.location },
          { key: 'offset', value: String(place.offset) },
          { key: 'length', value: String(length) },
        ],
      }),
    }),
  );
  const dataBytes = place ? 0 : length;
  const rawHead = place ? new Uint8Array() : openField(TENSOR_RAW_DATA_FIELD, length);
  const tensorBytes = description.length + rawHead.length + dataBytes;
  const head = Buffer.concat([openField(GRAPH_INITIALIZER_FIELD, tensorBytes), description, rawHead]);
  return { initializer, head, dataBytes };
}

/** The tag and the length that begin a length-delimited protobuf field. */
export function openField(field: number, byteLength: number): Uint8Array {
  const bytes = [(field << 3) | LENGTH_DELIMITED];
  let rest = byteLength;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
