import { openSession } from '@styleflow/inference';
import { grownBytes } from '../peak-memory.js';
import { graphInput } from './graph-input.js';

/** What a tensor batch made the process take on, at most over its runs, in bytes. */
export interface ClipMemory {
  readonly loadedBytes: number;
  readonly grownBytes: number;
}

/** The arena's places settle in the second run. */
const RUNS = 2;

/** Loads the graph it was started with, runs as many clips at once as it was told, tells its parent and leaves. */
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
