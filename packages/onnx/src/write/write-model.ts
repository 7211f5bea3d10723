import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { WEIGHTS_FILE } from '@styleflow/files';
import type { OnnxGraph } from '../graph/onnx-graph.js';
import { encodeModel, initializerByteLength, LARGEST_MODEL_BYTES } from './encode-model.js';
import { WeightFile } from './weight-file.js';

/** File name to SHA-256, in lower-case hex. */
export type WrittenFiles = Readonly<Record<string, string>>;

/** Bytes left for the nodes beside the weights in one model file. */
const STRUCTURE_BYTES = 16 * 2 ** 20;

/**
 * Writes graphs as ONNX files into a folder, by file name. When one of them has more weights than a model file can
 * hold, the large weights of all go to one file beside them, equal ones once. Each weight is read piece by piece while
 * it is written, so memory holds only one piece.
 */
export async function writeModels(
  graphs: Readonly<Record<string, OnnxGraph>>,
  directory: string,
  largestModelBytes = LARGEST_MODEL_BYTES - STRUCTURE_BYTES,
): Promise<WrittenFiles> {
  const files: Record<string, string> = {};
  const isLarge = Object.values(graphs).some((graph) => weightBytes(graph) > largestModelBytes);
  const weights = isLarge ? await WeightFile.create(directory, WEIGHTS_FILE) : undefined;
  try {
    for (const [name, graph] of Object.entries(graphs)) {
      files[name] = await writeStream(join(directory, name), encodeModel(graph, await weights?.place(graph)));
    }
  } finally {
    const digest = await weights?.close();
    if (digest !== undefined) files[WEIGHTS_FILE] = digest;
  }
  return files;
}

/** Bytes of all weights of a graph, as they are stored. */
export function weightBytes(graph: OnnxGraph): number {
  return graph.initializers.reduce((sum, initializer) => sum + initializerByteLength(initializer), 0);
}

/**
 * Writes a new file, which is on the disk when this returns.
 * @returns its SHA-256.
 */
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
