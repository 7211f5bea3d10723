import { type Feeds, openSession } from '@styleflow/inference';
import { encodeModel, type OnnxGraph } from '@styleflow/onnx';

/** The bytes of a graph, for tests that load it without a file. */
export async function modelBytes(graph: OnnxGraph): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeModel(graph)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** Runs a graph once on the CPU, in one thread. */
export async function runGraph(graph: OnnxGraph, feeds: Feeds, optimisation: 'all' | 'none' = 'all') {
  const session = await openSession(await modelBytes(graph), { providers: ['cpu'], threads: 1, optimisation });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}
