import {
  create,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type OnnxModel,
  type Piece,
  piecesByteLength,
  type StoredInitializer,
  TensorProtoSchema,
  toBinary,
} from '@styleflow/onnx';
import type { ExternalWeights } from './external-weights.js';
import { opsetOf, refuseForeignOperators } from './foreign-operators.js';
import type { ForeignPorts } from './foreign-ports.js';
import { prefixed, prefixNames, tensorsWithin } from './graph-walk.js';

/** A foreign model that fits its descriptor, with its names prefixed and a place given to each weight outside of it. */
export interface PreparedModel<Ports = ForeignPorts> {
  readonly header: ModelProto;
  /** The graph without initializers. Every name begins with `model/`. */
  readonly graph: GraphProto;
  /** Each weight as the content of a protobuf field. */
  readonly initializers: readonly (readonly Piece[])[];
  readonly ports: Ports;
  readonly opset: number;
  /**
   * The content of the data file, empty without weights outside of the model. In the bundle this file must have the
   * name given to `prepareModel`.
   */
  readonly data: readonly Piece[];
  /** Whether more than half of the weight bytes are half precision. */
  readonly isHalf: boolean;
}

export interface PrepareOptions<Ports> {
  /** Finds where the model is joined to our nodes, by the names that its author gave. */
  readonly findPorts: (model: OnnxModel) => Ports;
  /** Holds the files beside the model open. */
  readonly outside: ExternalWeights;
  /** Name of the data file in the new folder. */
  readonly dataFile: string;
  /** The first operator set with all the operators that we add. */
  readonly oldestOpset?: number;
}

/**
 * Prepares a model for a bundle. The model's graph is changed.
 * @throws JobError `invalid_request` that names what does not fit.
 */
export async function prepareModel<Ports>(
  model: OnnxModel,
  { findPorts, outside, dataFile, oldestOpset }: PrepareOptions<Ports>,
): Promise<PreparedModel<Ports>> {
  const opset = opsetOf(model.header, oldestOpset);
  refuseForeignOperators(model);
  const ports = findPorts(model);
  const externalData = async (tensor: Omit<StoredInitializer, 'payload'>) => {
    if (!tensor.external) return [];
    const { offset, length } = await outside.place({ ...tensor, external: tensor.external });
    return Object.entries({ location: dataFile, offset, length }).map(([key, value]) => ({
      key,
      value: String(value),
    }));
  };
  const initializers: Piece[][] = [];
  const bytes = { half: 0, all: 0 };
  for (const initializer of model.initializers) {
    const entries = await externalData(initializer);
    initializers.push(encodeInitializer(initializer, entries));
    const size = piecesByteLength(initializer.payload) + Number(entries.at(-1)?.value ?? 0);
    bytes.all += size;
    if (initializer.dataType === DataType.FLOAT16 || initializer.dataType === DataType.BFLOAT16) bytes.half += size;
  }
  const functionNodes = model.header.functions.flatMap(({ node }) => node);
  for (const tensor of tensorsWithin([...model.graph.node, ...functionNodes])) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    const external = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
    const entries = await externalData({ ...tensor, external });
    tensor.externalData = create(TensorProtoSchema, { externalData: entries }).externalData;
  }
  prefixNames(model.graph);
  const { header, graph } = model;
  return { header, graph, initializers, ports, opset, data: outside.pieces, isHalf: bytes.half * 2 > bytes.all };
}

function encodeInitializer(
  { name, dataType, dims, payload }: StoredInitializer,
  entries: readonly { key: string; value: string }[],
): Piece[] {
  const description = create(TensorProtoSchema, {
    name: prefixed(name),
    dataType,
    dims: [...dims],
    ...(entries.length > 0 && {
      dataLocation: DataLocation.EXTERNAL,
      externalData: entries.map((entry) => ({ ...entry })),
    }),
  });
  return [toBinary(TensorProtoSchema, description), ...payload];
}
