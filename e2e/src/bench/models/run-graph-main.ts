import { basename } from 'node:path';
import { openSession } from '@styleflow/inference';
import { graphInput } from './graph-input.js';

/** What one clip through a graph took. */
export interface GraphRun {
  readonly loadSeconds: number;
  readonly runSeconds: number;
  readonly peakMegabytes: number;
}

/** The input of each graph, and how much of it one clip is. */
const INPUTS = {
  'styleflow.onnx': { name: 'clips', batch: 1 },
  'content.onnx': { name: 'frames', batch: 1 },
  'psp.onnx': { name: 'images', batch: 32 },
  'style-gru.onnx': { name: 'flow', batch: 1 },
} as const;

/** Loads the graph that it was started with, runs one clip on the CPU, tells its parent and leaves. */
const [, , path = ''] = process.argv;
const file = basename(path) as keyof typeof INPUTS;
if (!Object.hasOwn(INPUTS, file)) throw new Error(`${path} is none of ${Object.keys(INPUTS).join(', ')}`);
const input = INPUTS[file];
const startedAt = performance.now();
const session = await openSession(path, { providers: ['cpu'] });
const loadedAt = performance.now();
const outputs = await session.run({ [input.name]: graphInput(input.name, input.batch) });
const endedAt = performance.now();
for (const [name, { data }] of Object.entries(outputs)) {
  for (const value of data) if (!Number.isFinite(Number(value))) throw new Error(`${name} holds ${value}`);
}
process.send?.({ loadSeconds: (loadedAt - startedAt) / 1000, runSeconds: (endedAt - loadedAt) / 1000 });
process.disconnect();
