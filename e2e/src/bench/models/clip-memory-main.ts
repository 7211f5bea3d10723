import { openSession } from '@styleflow/inference';
import { grownBytes } from '../peak-memory.js';
import { graphInput } from './graph-input.js';

/** The most memory by which a process grew while it ran a tensor batch, in bytes. */
export interface ClipMemory {
  readonly loadedBytes: number;
  readonly grownBytes: number;
}

/** Two runs, because the arena's layout is final only in the second. */
const RUNS = 2;

/**
 * Loads the graph that it was started with, runs as many clips at once as it was told, reports to its parent and ends.
 */
const [, , path = '', batch = '1'] = process.argv;
let session: Awaited<ReturnType<typeof openSession>> | undefined;
const loadedBytes = await grownBytes(async () => {
  session = await openSession(path, { providers: ['cpu'] });
});
const feeds = { clips: graphInput('clips', Number(batch)) };
const grown = await grownBytes(async () => {
  for (let run = 0; run < RUNS; run++) await session?.run(feeds);
});
process.send?.({ loadedBytes, grownBytes: grown } satisfies ClipMemory);
process.disconnect();
