import { type DatasetPlan, type PlannedVideo, shardsOf } from '../plan/plan-dataset.js';
import { readNote } from '../shard/shard-note.js';

/** Which shards this machine writes: of `of` machines the one with this number, from 0. */
export interface BuildPart {
  readonly index: number;
  readonly of: number;
}

/** The shards of a part that have no note yet, each with its videos, in the order in which they fill. */
export async function unwrittenShards(
  plan: DatasetPlan,
  part: BuildPart,
  out: Parameters<typeof readNote>[0],
): Promise<Map<string, readonly PlannedVideo[]>> {
  const open = new Map<string, readonly PlannedVideo[]>();
  let number = 0;
  for (const [shard, videos] of shardsOf(plan)) {
    if (number++ % part.of !== part.index) continue;
    const note = await readNote(out, shard);
    if (note?.plan !== plan.digest) open.set(shard, videos);
  }
  return open;
}

/** The parts that write these shards, counted from 1 as people do, each once. */
export function partsOf(plan: Pick<DatasetPlan, 'videos'>, shards: readonly string[], of: number): number[] {
  const wanted = new Set(shards);
  const parts = [...shardsOf(plan).keys()].flatMap((shard, number) => (wanted.has(shard) ? [(number % of) + 1] : []));
  return [...new Set(parts)].sort((a, b) => a - b);
}
