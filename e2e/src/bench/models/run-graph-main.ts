import { basename } from 'node:path';
import { openSession, type Tensor } from '@styleflow/inference';
import { grownBytes, megabytes } from '../peak-memory.js';
import { graphInput } from './graph-input.js';

/** What one clip through a graph took. */
export interface GraphRun {
  readonly loadSeconds: number;
  readonly runSeconds: number;
  readonly peakMegabytes: number;
  /** Growth of the process while the clip ran. `bytesPerClip` estimates it. */
  readonly grownMegabytes: number;
}

/** The input of each graph, and how much of it one clip is. */
const INPUTS = {
  'styleflow.onnx': { name: 'clips', batch: 1 },
  'styleflow.cpu.onnx': { name: 'clips', batch: 1 },
  'content.onnx': { name: 'frames', batch: 1 },
  'psp.onnx': { name: 'images', batch: 32 },
  'style-gru.onnx': { name: 'flow', batch: 1 },
} as const;

/** Loads the graph that it was started with, runs one clip on the CPU, reports to its parent and ends. */
const [, , path = ''] = process.argv;
const file = basename(path) as keyof typeof INPUTS;
if (!Object.hasOwn(INPUTS, file)) throw new Error(`${path} is none of ${Object.keys(INPUTS).join(', ')}`);
const input = INPUTS[file];
const startedAt = performance.now();
const session = await openSession(path, { providers: ['cpu'] });
const loadedAt = performance.now();
const feeds = { [input.name]: graphInput(input.name, input.batch) };
let outputs: Readonly<Record<string, Tensor>> = {};
const beganAt = performance.now();
const grown = await grownBytes(async () => {
  outputs = await session.run(feeds);
});
const endedAt = performance.now();
for (const [name, { data }] of Object.entries(outputs)) {
  for (const value of data) if (!Number.isFinite(Number(value))) throw new Error(`${name} holds ${value}`);
}
process.send?.({
  loadSeconds: (loadedAt - startedAt) / 1000,
  runSeconds: (endedAt - beganAt) / 1000,
  grownMegabytes: megabytes(grown),
});
process.disconnect();
