import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { checkpointError, PositionalFile } from '@styleflow/files';
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from 'onnx-buf';
import { FieldRanges } from './field-ranges.js';
import type { FileRange } from './model-pieces.js';
import { type WireField, WireReader } from './wire-fields.js';

/** A weight of a foreign model. Its values stay in the file. */
export interface StoredInitializer {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly bigint[];
  /** The protobuf fields that hold the values, as they stand in the file; empty when they lie in another file. */
  readonly payload: readonly FileRange[];
  /** The keys `location`, `offset` and `length`: where the values lie when they are not in the model file. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** A foreign ONNX model: its structure in memory, its weights in the file. */
export interface OnnxModel {
  readonly path: string;
  readonly file: PositionalFile;
  /** Everything beside the graph. */
  readonly header: ModelProto;
  /** The graph without its initializers. */
  readonly graph: GraphProto;
  readonly initializers: readonly StoredInitializer[];
  close(): Promise<void>;
}

// Field numbers of the ONNX schema.
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_SEGMENT = 3;
/**
 * Fields of a tensor that hold values: float_data, int32_data, string_data, int64_data, raw_data, double_data,
 * uint64_data.
 */
const TENSOR_PAYLOADS: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);

/** Largest total of nodes, names, types and constants written as nodes. Decoding takes several times as much memory. */
const LARGEST_STRUCTURE_BYTES = 256 * 2 ** 20;
/** Far more than models have: those with so large a structure have some thousand weights. */
const MOST_INITIALIZERS = 100_000;
/** The description of one weight: name, shape, place. */
const LARGEST_DESCRIPTION_BYTES = 2 ** 20;

/**
 * Reads the structure of an ONNX file. The file may come from anywhere: nothing of it is run, and what its numbers claim
 * is held against the file's own length before anything is allotted.
 * @throws JobError `invalid_request` when it is no ONNX model, cut short or damaged.
 */
export async function readOnnx(path: string): Promise<OnnxModel> {
  const file = await PositionalFile.open(path);
  try {
    const reader = new WireReader(file);
    const around = new FieldRanges(file, LARGEST_STRUCTURE_BYTES);
    let graphField: WireField | undefined;
    for await (const field of reader.fields(0, file.size)) {
      if (field.number !== MODEL_GRAPH) around.add(field);
      else if (graphField) throw checkpointError(`${file.name} is no ONNX model: it holds more than one graph`);
      else graphField = field;
    }
    if (!graphField) throw checkpointError(`${file.name} is no ONNX model: it holds no graph`);
    const header = await decode(ModelProtoSchema, around);
    const structure = new FieldRanges(file, LARGEST_STRUCTURE_BYTES);
    const initializers: StoredInitializer[] = [];
    for await (const field of reader.fields(graphField.contentStart, graphField.end)) {
      if (field.number !== GRAPH_INITIALIZER) structure.add(field);
      else if (initializers.length === MOST_INITIALIZERS)
        throw checkpointError(`${file.name} has more than ${MOST_INITIALIZERS} weights`);
      else initializers.push(await describeInitializer(reader, file, field));
    }
    const graph = await decode(GraphProtoSchema, structure);
    return { path, file, header, graph, initializers, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function describeInitializer(
  reader: WireReader,
  file: PositionalFile,
  field: WireField,
): Promise<StoredInitializer> {
  const payload = new FieldRanges(file, Number.POSITIVE_INFINITY);
  const description = new FieldRanges(file, LARGEST_DESCRIPTION_BYTES);
  for await (const part of reader.fields(field.contentStart, field.end)) {
    if (part.number === TENSOR_SEGMENT)
      throw checkpointError(`${file.name} holds weights in segments, which nobody reads`);
    (TENSOR_PAYLOADS.has(part.number) ? payload : description).add(part);
  }
  const tensor = await decode(TensorProtoSchema, description);
  const { name, dataType, dims } = tensor;
  if (dims.some((dim) => dim < 0n)) throw checkpointError(`${file.name}: ${name} has the shape [${dims.join(', ')}]`);
  const isExternal = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
  const external = isExternal ? new Map(tensor.externalData.map(({ key, value }) => [key, value])) : undefined;
  return { name, dataType, dims, payload: payload.ranges, external };
}

async function decode<T extends DescMessage>(schema: T, fields: FieldRanges): Promise<MessageShape<T>> {
  const bytes = await fields.read();
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw checkpointError(`${fields.file.name} is no ONNX model or is damaged: ${reason}`, error);
  }
}
