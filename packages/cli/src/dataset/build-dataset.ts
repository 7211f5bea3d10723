import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import {
  type DatasetManifest,
  type DatasetPlace,
  type DatasetPlan,
  finishDataset,
  newRecord,
  planDataset,
  readBuildRecord,
  readDatasetManifest,
} from '@styleflow/datasets';
import { VERSION } from '@styleflow/runtime';
import { stateFolder } from '../env.js';
import { analyseAndFill } from './analyse-and-fill.js';
import type { BuildPorts, BuildResult, BuildWish } from './build-wish.js';
import { describeDuplicates, describePlan } from './build-words.js';
import { readLabelledManifest } from './labelled-manifest.js';
import { isBucket } from './open-place.js';
import { findPsp } from './open-psp.js';

/**
 * From a manifest to shards: reads the labels, plans splits and shards, has the videos analysed as a batch with its clips kept, and
 * writes each shard as its videos end. Killed at any moment, the same command goes on.
 * @throws JobError `invalid_request` for the manifest, `conflict` for another data set in its place, `internal` for videos that failed
 */
export async function buildDataset(wish: BuildWish, ports: BuildPorts): Promise<BuildResult> {
  const { say, signal, place, settings } = ports;
  if (wish.part.of > 1 && wish.api === undefined)
    throw new JobError(
      'invalid_request',
      '--part shares the shards of one batch among machines, so it needs the system that they all reach: --api URL',
    );
  const psp = wish.psp === undefined ? null : await findPsp(wish.psp, settings);
  const rows = await readLabelledManifest(wish.manifest, { signal, onFile: tellEvery(1000, say) });
  // Not for the API's `bundle`: an own system serves the folder, and another one takes the id.
  const served = wish.api !== undefined && wish.bundle !== undefined ? { bundle: wish.bundle } : {};
  const plan = planDataset(
    rows.map(({ video }) => video),
    {
      ...{ shares: wish.shares, seed: wish.seed, videosPerShard: wish.videosPerShard, psp: psp?.sha256 ?? null },
      options: { ...wish.options, ...served, keepCrops: true, preview: false },
    },
  );
  for (const line of describePlan(plan)) say(line);
  const made = await completeDataset(place, plan);
  if (made !== null) {
    say(`${place.address} is complete; nothing is left to do`);
    return { manifest: made };
  }
  const folder = workFolder(wish, plan);
  const facts = {
    name: basename(isBucket(wish.out) ? wish.out : resolve(wish.out)),
    generator: `styleflow ${VERSION}`,
    psp: psp === null ? null : { bundle: psp.bundle, sha256: psp.sha256 },
  };
  // The shards may all be there: then nothing is analysed any more, and what did it may be gone.
  const before = await finishDataset(plan, (await readBuildRecord(place, plan)) ?? newRecord(plan), place, facts);
  if (before.state === 'duplicates') say(describeDuplicates(before, plan, wish.part));
  const result =
    before.state === 'complete'
      ? { manifest: before.manifest }
      : await analyseAndFill(wish, psp, { ...ports, plan, rows, folder, facts });
  // Not after errors: what they left is what the next run goes on with.
  if ('manifest' in result) await rm(folder, { recursive: true, force: true });
  return result;
}

/**
 * Where a build keeps what it goes on with on this machine: in the folder that was named, else beside the shards, or for a bucket
 * with the user's other state. Always a folder of its own, since it is removed in the end.
 */
function workFolder({ data, out }: BuildWish, { digest }: DatasetPlan): string {
  const own = digest.slice(0, 16);
  if (data !== undefined) return join(resolve(data), `building-${own}`);
  return isBucket(out) ? join(stateFolder, 'styleflow', 'datasets', own) : join(resolve(out), '.building');
}

/** The plan's data set, if it is there whole. @throws JobError `invalid_request` for a `dataset.json` that is none */
async function completeDataset(place: DatasetPlace, { digest }: DatasetPlan): Promise<DatasetManifest | null> {
  if ((await place.get('dataset.json')) === null) return null;
  const manifest = await readDatasetManifest(place);
  return manifest.plan === digest ? manifest : null;
}

function tellEvery(every: number, say: (sentence: string) => void): (count: number) => void {
  return (count) => {
    if (count % every === 0) say(`read ${count} files`);
  };
}
