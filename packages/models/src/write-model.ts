import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type ExternalPlace,
  encodeModel,
  initializerByteLength,
  initializerBytes,
  LARGEST_MODEL_BYTES,
} from './encode-model.js';
import type { OnnxGraph } from './onnx-graph.js';

/** File name to SHA-256, in lower-case hex. */
export type WrittenFiles = Readonly<Record<string, string>>;

/** Room for the nodes beside the weights in one model file. */
const STRUCTURE_BYTES = 16 * 2 ** 20;
/** Smaller weights stay in the model file: shape inference needs to see some of them. */
const SMALLEST_EXTERNAL_BYTES = 2 ** 16;
/** External weights begin at page boundaries, so that they can be mapped into memory. */
const PAGE_BYTES = 4096;

/**
 * Writes the graph as an ONNX file into a folder; weights too large for one file go to `NAME.data` beside it. Weights are
 * read while they are written, so memory holds one piece of one weight.
 */
export async function writeModel(
  graph: OnnxGraph,
  directory: string,
  name: string,
  largestModelBytes = LARGEST_MODEL_BYTES - STRUCTURE_BYTES,
): Promise<WrittenFiles> {
  const weightBytes = graph.initializers.reduce((sum, initializer) => sum + initializerByteLength(initializer), 0);
  if (weightBytes <= largestModelBytes) {
    return { [name]: await writeStream(join(directory, name), encodeModel(graph)) };
  }
  const dataName = `${basename(name, '.onnx')}.data`;
  const places = new Map<string, ExternalPlace>();
  const data = await writeStream(join(directory, dataName), externalBytes(graph, dataName, places));
  return { [name]: await writeStream(join(directory, name), encodeModel(graph, places)), [dataName]: data };
}

async function* externalBytes(
  graph: OnnxGraph,
  location: string,
  places: Map<string, ExternalPlace>,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (const initializer of graph.initializers) {
    const length = initializerByteLength(initializer);
    if (length < SMALLEST_EXTERNAL_BYTES) continue;
    places.set(initializer.name, { location, offset });
    yield* initializerBytes(initializer);
    const padding = (PAGE_BYTES - (length % PAGE_BYTES)) % PAGE_BYTES;
    yield new Uint8Array(padding);
    offset += length + padding;
  }
}

/** Writes a new file and gives its SHA-256; it is on the disk when this returns. */
export async function writeStream(path: string, pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx');
    for await (const piece of pieces) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file?.close();
  }
  return hash.digest('hex');
}
