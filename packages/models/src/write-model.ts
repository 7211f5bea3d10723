import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { encodeModel } from './encode-model.js';
import type { OnnxGraph } from './onnx-graph.js';

/** A file as it was written. */
export interface WrittenFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** Writes the graph as an ONNX file; weights are read while it is written, so memory holds one piece of one weight. */
export async function writeModel(graph: OnnxGraph, path: string): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const piece of encodeModel(graph)) {
      hash.update(piece);
      await file.writeFile(piece);
      bytes += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}
