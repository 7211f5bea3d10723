import { setTimeout as pause } from 'node:timers/promises';
import type { StyleFlowClient } from '@styleflow/client';
import { JobError, OUR_FAULTS } from '@styleflow/contracts';
import {
  type BuildRecord,
  type DatasetPlace,
  type DatasetPlan,
  type LabelledRow,
  readBuildRecord,
  writeBuildRecord,
} from '@styleflow/datasets';
import { submitBatch } from '../batch/submit-batch.js';
import { writeBatchManifest } from './labelled-manifest.js';

const LOOK_EVERY_MS = 3_000;
const LISTED = 20;

export interface Analysis {
  readonly plan: DatasetPlan;
  readonly rows: readonly LabelledRow[];
  readonly place: DatasetPlace;
  /** Whether this machine submits the batch; the others wait for it. */
  readonly isFirst: boolean;
  /** Where the manifest is written; the same in every run. */
  readonly manifestPath: string;
  readonly stateFolder: string;
  readonly owner: readonly string[];
  readonly parallel: number;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The batch that analyses the plan's videos: the one that an earlier run or another machine has submitted, or a new one. What had failed
 * through no fault of its video is tried again.
 * @throws JobError `invalid_request` when the manifest was refused, with its faults
 */
export async function analysePlan(client: StyleFlowClient, analysis: Analysis): Promise<BuildRecord> {
  const { plan, place, say, signal } = analysis;
  const before = analysis.isFirst ? await readBuildRecord(place, plan) : await recordOfFirst(analysis);
  if (before?.batch != null) {
    const batch = await client.batches.get(before.batch, { signal });
    const faults = Object.keys(batch.errors).filter((code) => OUR_FAULTS.some((ours) => ours === code));
    say(`going on with ${before.batch}: ${batch.status}`);
    if (analysis.isFirst && batch.status === 'ended' && faults.length > 0) {
      say(`trying again what failed with ${faults.join(', ')}`);
      await client.batches.retry(before.batch);
    }
    return before;
  }
  const record = before ?? { v: 1, plan: plan.digest, batch: null, excluded: [] };
  // Told before the batch is made, so that another data set is refused before a frame of it is decoded.
  await writeBuildRecord(place, record);
  await writeBatchManifest(analysis.manifestPath, plan, analysis.rows);
  const { stateFolder, owner, parallel } = analysis;
  const batch = await submitBatch(client, {
    ...{ inputs: [analysis.manifestPath], options: plan.options, skipInvalid: false, isOnce: true },
    ...{ stateFolder, owner, parallel, signal, stream: process.stderr },
  });
  const judged = await client.batches.validated(batch.id, { signal });
  if (judged.status === 'refused') throw await refusal(client, batch.id);
  const begun = { ...record, batch: batch.id };
  await writeBuildRecord(place, begun);
  say(`analysing ${plan.videos.length} videos: ${batch.id}`);
  return begun;
}

async function recordOfFirst({ plan, place, say, signal }: Analysis): Promise<BuildRecord> {
  for (let looks = 0; ; looks += 1) {
    const record = await readBuildRecord(place, plan);
    if (record?.batch != null) return record;
    if (looks === 0) say('waiting for part 1, which submits the batch');
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
