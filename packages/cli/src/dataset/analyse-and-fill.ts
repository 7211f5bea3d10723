import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import {
  type DatasetPlan,
  fillShards,
  finishDataset,
  type LabelledRow,
  partsOf,
  type StyleCodes,
} from '@styleflow/datasets';
import { printCount } from '@styleflow/runtime';
import { stateFolder } from '../env.js';
import { sizeText } from '../view/table.js';
import { analysePlan } from './analyse-plan.js';
import { type AnalysingSystem, joinSystem, startOwnSystem, useSystem } from './analysing-system.js';
import type { BuildPorts, BuildResult, BuildWish } from './build-wish.js';
import { describeDuplicates, unfinishedError } from './build-words.js';
import type { PspPart } from './open-psp.js';

export interface Filling extends BuildPorts {
  readonly plan: DatasetPlan;
  readonly rows: readonly LabelledRow[];
  readonly folder: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Has the plan's videos analysed, by the system that was named or an own one, and writes the shards of this part as they end. */
export async function analyseAndFill(wish: BuildWish, psp: PspPart | null, filling: Filling): Promise<BuildResult> {
  await mkdir(filling.folder, { recursive: true });
  const system = await openSystem(wish, join(filling.folder, 'system'), filling);
  return useSystem(system, psp, (codes) => fill(wish, system, codes, filling));
}

async function fill(
  wish: BuildWish,
  system: AnalysingSystem,
  codes: StyleCodes | null,
  filling: Filling,
): Promise<BuildResult> {
  const { plan, rows, folder, facts, place, say, signal } = filling;
  const spent = new Set<string>();
  const analysis = {
    ...{ plan, rows, place, part: wish.part, manifestPath: join(folder, 'manifest.ndjson'), stateFolder },
    ...{ skipFailed: wish.skipFailed, spent },
    // An own system has another port in every run, and its uploads are in its own folder.
    ...{ owner: wish.api === undefined ? [folder] : [wish.api, wish.key ?? ''], parallel: wish.parallel, say, signal },
  };
  while (true) {
    const record = await analysePlan(system.client, analysis);
    const results = system.client.batches.results(record.batch ?? '', { follow: true, signal });
    const filled = await fillShards(plan, record, results, wish.part, {
      ...{ store: system.store, out: place, codes, signal, skipFailed: wish.skipFailed },
      onShard: (name, { shard, videos, skipped }) =>
        say(
          `${name}: ${printCount(videos.length, 'video')}, ${printCount(shard?.clips ?? 0, 'clip')}, ${sizeText(shard?.bytes ?? 0)}${skipped.length > 0 ? `, ${skipped.length} left out` : ''}`,
        ),
    }).catch((error: unknown) => {
      // Once: clips that are gone as soon as they are made would be made for ever. Only part 1 submits batches.
      if (!isGone(error) || record.batch === null || spent.size > 0 || wish.part.index > 0) throw error;
      spent.add(record.batch);
      say(`${error.message}; the videos of the shards that are not written are analysed again`);
      return null;
    });
    if (filled === null) continue;
    const state = await finishDataset(plan, record, place, facts);
    if (state.state === 'complete') return { manifest: state.manifest };
    if (state.state === 'duplicates') {
      say(describeDuplicates(state, plan, wish.part));
      continue;
    }
    if (filled.unfinished.length > 0) throw unfinishedError(filled.unfinished);
    return { shardsLeft: state.shards.length, parts: partsOf(plan, state.shards, wish.part.of) };
  }
}

const isGone = (error: unknown): error is JobError => error instanceof JobError && error.code === 'gone';

function openSystem(wish: BuildWish, folder: string, { settings, signal }: BuildPorts): Promise<AnalysingSystem> {
  if (wish.api !== undefined) return joinSystem({ api: wish.api, key: wish.key }, settings);
  return startOwnSystem(folder, { bundle: wish.bundle, settings, signal });
}
