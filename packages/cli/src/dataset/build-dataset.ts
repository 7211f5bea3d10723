import { mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { JobError } from '@styleflow/contracts';
import {
  type BuildPart,
  type BuildState,
  type DatasetManifest,
  type DatasetPlace,
  type DatasetPlan,
  fillShards,
  finishDataset,
  type LabelledRow,
  newRecord,
  partsOf,
  planDataset,
  readBuildRecord,
  readDatasetManifest,
  type StyleCodes,
} from '@styleflow/datasets';
import { printCount, VERSION } from '@styleflow/runtime';
import { stateFolder } from '../env.js';
import { sizeText } from '../view/table.js';
import { analysePlan } from './analyse-plan.js';
import { type AnalysingSystem, joinSystem, startOwnSystem, useSystem } from './analysing-system.js';
import type { DatasetSettings } from './env.js';
import { readLabelledManifest } from './labelled-manifest.js';
import { isBucket } from './open-place.js';
import { findPsp, type PspPart } from './open-psp.js';

export interface BuildWish {
  readonly manifest: string;
  readonly out: string;
  readonly data: string | undefined;
  readonly api: string | undefined;
  readonly key: string | undefined;
  readonly bundle: string | undefined;
  readonly psp: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shares: { readonly train: number; readonly validation: number; readonly test: number };
  readonly seed: number;
  readonly videosPerShard: number;
  readonly part: BuildPart;
  readonly parallel: number;
  readonly skipFailed: boolean;
}

export interface BuildPorts {
  readonly place: DatasetPlace;
  readonly settings: DatasetSettings;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** What came of it: the whole data set, or what is left to write: how many shards, of which parts. */
export type BuildResult =
  | { readonly manifest: DatasetManifest }
  | { readonly shardsLeft: number; readonly parts: readonly number[] };

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

interface Filling extends BuildPorts {
  readonly plan: DatasetPlan;
  readonly rows: readonly LabelledRow[];
  readonly folder: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

async function analyseAndFill(wish: BuildWish, psp: PspPart | null, filling: Filling): Promise<BuildResult> {
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
  const analysis = {
    ...{ plan, rows, place, part: wish.part, manifestPath: join(folder, 'manifest.ndjson'), stateFolder },
    skipFailed: wish.skipFailed,
    // An own system has another port in every run, and its uploads are in its own folder.
    ...{ owner: wish.api === undefined ? [folder] : [wish.api, wish.key ?? ''], parallel: wish.parallel, say, signal },
  };
  while (true) {
    const record = await analysePlan(system.client, analysis);
    const results = system.client.batches.results(record.batch ?? '', { follow: true, signal });
    const { unfinished } = await fillShards(plan, record, results, wish.part, {
      ...{ store: system.store, out: place, codes, signal, skipFailed: wish.skipFailed },
      onShard: (name, { shard, videos, skipped }) =>
        say(
          `${name}: ${printCount(videos.length, 'video')}, ${printCount(shard?.clips ?? 0, 'clip')}, ${sizeText(shard?.bytes ?? 0)}${skipped.length > 0 ? `, ${skipped.length} left out` : ''}`,
        ),
    });
    const state = await finishDataset(plan, record, place, facts);
    if (state.state === 'complete') return { manifest: state.manifest };
    if (state.state === 'duplicates') {
      say(describeDuplicates(state, plan, wish.part));
      continue;
    }
    if (unfinished.length > 0) throw failed(unfinished);
    return { shardsLeft: state.shards.length, parts: partsOf(plan, state.shards, wish.part.of) };
  }
}

function describeDuplicates(
  { record, shards }: Extract<BuildState, { state: 'duplicates' }>,
  plan: DatasetPlan,
  { index, of }: BuildPart,
): string {
  const others = partsOf(plan, shards, of).filter((part) => part !== index + 1);
  const again = others.map((part) => `--part ${part}/${of}`).join(', ');
  const rest = others.length === 0 ? '' : `; where its command has ended, run it once more for ${again}`;
  return `the same bytes are there twice: ${printCount(record.excluded.length, 'video')} left out, their shards (${shards.join(', ')}) are written again${rest}`;
}

function failed(unfinished: readonly { readonly id: string; readonly reason: string }[]): JobError {
  const some = unfinished.slice(0, 10).map(({ id, reason }) => `${stripVTControlCharacters(id)} (${reason})`);
  return new JobError(
    'internal',
    `${printCount(unfinished.length, 'video')} could not be analysed, through no fault of theirs, so their shards are not written: ${some.join(', ')}. The same command (of part 1, where there are several) tries them again; --skip-failed leaves them out`,
  );
}

function openSystem(wish: BuildWish, folder: string, { settings, signal }: BuildPorts): Promise<AnalysingSystem> {
  if (wish.api !== undefined) return joinSystem({ api: wish.api, key: wish.key }, settings);
  return startOwnSystem(folder, { bundle: wish.bundle, settings, signal });
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

function describePlan({ videos, splits }: DatasetPlan): string[] {
  const count = (split: string, label: string): number =>
    videos.filter((video) => video.split === split && video.label === label).length;
  const parts = ['train', 'validation', 'test'].map(
    (split) => `${split} ${count(split, 'real')} real, ${count(split, 'fake')} fake`,
  );
  const how = splits.madeBy === 'manifest' ? 'as in the manifest' : `made by ${splits.madeBy}, seed ${splits.seed}`;
  const disjoint = splits.isIdentityDisjoint ? 'nobody is in two of them' : 'NOT identity-disjoint';
  return [
    `${printCount(videos.length, 'video')}: ${parts.join(' · ')} (${how}; ${disjoint})`,
    ...splits.notes.map((note) => `note: ${note}`),
  ];
}

function tellEvery(every: number, say: (sentence: string) => void): (count: number) => void {
  return (count) => {
    if (count % every === 0) say(`read ${count} files`);
  };
}
