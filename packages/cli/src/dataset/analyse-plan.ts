import { setTimeout as pause } from 'node:timers/promises';
import type { Batch, StyleFlowClient } from '@styleflow/client';
import { ERROR_TABLE, type ErrorCode, isBatchOver, isErrorCode, JobError } from '@styleflow/contracts';
import {
  type BuildPart,
  type BuildRecord,
  type DatasetPlace,
  type DatasetPlan,
  isFaultOfVideo,
  type LabelledRow,
  newRecord,
  readBuildRecord,
  unwrittenShards,
  writeBuildRecord,
} from '@styleflow/datasets';
import { printCount } from '@styleflow/runtime';
import { submitBatch } from '../batch/submit-batch.js';
import { writeBatchManifest } from './labelled-manifest.js';

const LOOK_EVERY_MS = 3_000;
const LISTED = 20;
const ALL: BuildPart = { index: 0, of: 1 };

export interface Analysis {
  readonly plan: DatasetPlan;
  readonly rows: readonly LabelledRow[];
  readonly place: DatasetPlace;
  /** The machine of the first part submits the batch; the others wait for it. */
  readonly part: BuildPart;
  /** Where the manifest is written; the same in every run. */
  readonly manifestPath: string;
  readonly stateFolder: string;
  readonly owner: readonly string[];
  readonly parallel: number;
  /** Whether what failed is left out, instead of tried again. */
  readonly skipFailed: boolean;
  /** Batches whose clips the store does not hold any more. */
  readonly spent: ReadonlySet<string>;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** The shards that a batch is needed for. */
type Unwritten = Awaited<ReturnType<typeof unwrittenShards>>;

/**
 * The batch that analyses the plan's videos: the one that an earlier run or another machine has submitted, or a new one. What ended
 * otherwise than through a fault of its video is tried again. A batch that the system does not know any more, or that lacks videos of an
 * unwritten shard, is followed by one of those videos alone.
 * @throws JobError `invalid_request` when the manifest was refused, with its faults
 */
export async function analysePlan(client: StyleFlowClient, analysis: Analysis): Promise<BuildRecord> {
  const { plan, place, part, say } = analysis;
  if (part.index > 0) return followFirst(client, analysis);
  const unwritten = await unwrittenShards(plan, ALL, place);
  const before = await readBuildRecord(place, plan);
  if (before?.batch == null) return beginBatch(client, analysis, before, unwritten);
  const batch = await findBatch(client, before, unwritten, analysis);
  if (batch === null) return beginBatch(client, analysis, before, unwritten);
  const faults = analysis.skipFailed || !isBatchOver(batch.status) ? [] : faultsOf(batch);
  if (faults.length === 0) return before;
  const what = `trying again what ended with ${faults.join(', ')}`;
  if (faults.some((code) => ERROR_TABLE[code].fault === 'caller')) {
    say(`${what}, by another batch`);
    return beginBatch(client, analysis, before, unwritten);
  }
  say(what);
  await client.batches.retry(batch.id);
  return before;
}

/**
 * What keeps shards unwritten. Those whose fault is the caller's (canceled, an upload that has expired) no retry brings, since it goes
 * by what was submitted.
 */
function faultsOf({ errors, counts }: Batch): ErrorCode[] {
  const failed = Object.keys(errors).filter(isErrorCode);
  return [...failed.filter((code) => !isFaultOfVideo(code)), ...(counts.canceled > 0 ? (['canceled'] as const) : [])];
}

/** The batch of a record; null, and said so, when it cannot bring the unwritten shards. */
async function findBatch(
  client: StyleFlowClient,
  { batch: id, shards }: BuildRecord,
  unwritten: Unwritten,
  { spent, say, signal }: Analysis,
): Promise<Batch | null> {
  if (id === null || spent.has(id)) return null;
  const covered = shards === undefined ? null : new Set(shards);
  if (covered !== null && ![...unwritten.keys()].every((shard) => covered.has(shard))) {
    say(`${id} has not all videos of the shards that are not written`);
    return null;
  }
  try {
    const batch = await client.batches.get(id, { signal });
    say(`going on with ${id}: ${batch.status}`);
    return batch;
  } catch (error) {
    if (!(error instanceof JobError) || (error.code !== 'not_found' && error.code !== 'gone')) throw error;
    say(`the system does not know ${id} any more`);
    return null;
  }
}

async function beginBatch(
  client: StyleFlowClient,
  analysis: Analysis,
  before: BuildRecord | null,
  unwritten: Unwritten,
): Promise<BuildRecord> {
  const { plan, place, say, signal, stateFolder, owner, parallel } = analysis;
  const record = before ?? newRecord(plan);
  // Told before the batch is made, so that another data set is refused before a frame of it is decoded.
  if (before === null) await writeBuildRecord(place, record);
  const videos = plan.videos.filter(({ shard }) => unwritten.has(shard));
  if (videos.length === 0) return record;
  await writeBatchManifest(analysis.manifestPath, { videos }, analysis.rows);
  const batch = await submitBatch(client, {
    ...{ inputs: [analysis.manifestPath], options: plan.options, skipInvalid: false, isOnce: true },
    ...{ stateFolder, owner, parallel, signal, stream: process.stderr, insteadOf: record.batch ?? undefined },
  });
  const judged = await client.batches.validated(batch.id, { signal });
  if (judged.status === 'refused') throw await refusal(client, batch.id);
  const shards = videos.length < plan.videos.length ? [...unwritten.keys()] : undefined;
  const begun = { ...record, batch: batch.id, shards };
  await writeBuildRecord(place, begun);
  say(`analysing ${printCount(videos.length, 'video')}: ${batch.id}`);
  return begun;
}

/** The first batch in the record that can bring what this part has not written. */
async function followFirst(client: StyleFlowClient, analysis: Analysis): Promise<BuildRecord> {
  const { plan, place, part, say, signal } = analysis;
  const unwritten = await unwrittenShards(plan, part, place);
  if (unwritten.size === 0) return (await readBuildRecord(place, plan)) ?? newRecord(plan);
  const passedOver = new Set<string>();
  let looks = 0;
  while (true) {
    const record = await readBuildRecord(place, plan);
    if (record?.batch != null && !passedOver.has(record.batch)) {
      if ((await findBatch(client, record, unwritten, analysis)) !== null) return record;
      passedOver.add(record.batch);
    }
    if (looks++ === 0) say('waiting for part 1, which submits the batch');
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

async function refusal(client: StyleFlowClient, batch: string): Promise<JobError> {
  const faults: string[] = [];
  for await (const { kind, id, column, message } of client.batches.errors(batch)) {
    if (kind !== 'fault') continue;
    faults.push(`${[id, column].filter((each) => each !== null).join(', ')}: ${message}`);
    if (faults.length === LISTED) break;
  }
  return new JobError('invalid_request', ['the manifest was refused:', ...faults].join('\n'));
}
