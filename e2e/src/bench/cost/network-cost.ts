import { graphOf, openServableBundle } from '@styleflow/bundles';
import { CLIP_FRAMES } from '@styleflow/contracts';
import { openSession } from '@styleflow/inference';
import { graphInput } from '../models/graph-input.js';
import { countMultiplyAdds } from './count-multiply-adds.js';
import { ownMsEach } from './cpu-cost.js';

/** The open lengths of bundles' graphs: clips, and pictures. */
const ONE_CLIP = { B: 1, N: CLIP_FRAMES };

/** A bundle's graph on the CPU: one clip on one thread. */
export interface NetworkCost {
  readonly bundle: string;
  /** CPU milliseconds of one clip, for each round. */
  readonly rounds: readonly number[];
  /** Of one clip; null where the graph does not tell. */
  readonly multiplyAdds: number | null;
}

/** @throws JobError `bundle_unknown` for a folder that workers cannot serve. */
export async function measureNetwork(directory: string, rounds: number): Promise<NetworkCost> {
  const bundle = await openServableBundle(directory);
  const path = graphOf(bundle, 'cpu')?.path ?? bundle.graphPath;
  const session = await openSession(path, { providers: ['cpu'], threads: 1 });
  try {
    const feeds = { clips: graphInput('clips', 1) };
    await session.run(feeds);
    const each: number[] = [];
    for (let round = 0; round < rounds; round += 1) each.push(await ownMsEach(1, () => session.run(feeds)));
    return { bundle: bundle.id, rounds: each, multiplyAdds: await countMultiplyAdds(path, ONE_CLIP) };
  } finally {
    await session.release();
  }
}
