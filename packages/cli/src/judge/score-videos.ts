import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResultRow, StyleFlowClient } from '@styleflow/client';
import { JobError, toJobError } from '@styleflow/contracts';
import { z } from 'zod';
import { repeatCall } from '../batch/repeat-call.js';
import { submitBatch } from '../batch/submit-batch.js';
import { failedOutcome, outcomeOf, refuseMixture, servedOf } from './read-outcome.js';
import { readStyleMeans } from './read-style-means.js';
import { isAsWritten, withCheck } from './run-check.js';
import type { RunFolder } from './run-folder.js';

/** A video that is to be scored, under the name that its outcome shall have. */
export interface PendingVideo {
  readonly id: string;
  readonly perturbation?: string;
  readonly source: string;
  /** Whether its style flow is kept: the band of a calibrated bundle comes from real videos as they are. */
  readonly keepsStyle?: boolean;
}

export interface ScoringPorts {
  readonly client: StyleFlowClient;
  /** Names the API and whose key is used. */
  readonly owner: readonly string[];
  readonly stateFolder: string;
  readonly signal: AbortSignal;
  /** Id of the bundle; without it the one that the system serves. */
  readonly bundle?: string | undefined;
  /** Called when a batch begins to be followed, and when nothing of it is left to run. */
  readonly onBatch?: (isUnderWay: boolean) => void;
  /** Called for each video that has ended. */
  readonly onVideo: (ended: number, total: number) => void;
}

const BATCH_FILE = 'batch.json';
const UnderWaySchema = z.object({
  owner: z.array(z.string()),
  /** That was asked for. */
  bundle: z.string().nullish(),
  batch: z.string(),
  names: z.array(z.string()),
});

/**
 * Scores videos as an ordinary batch and adds each outcome to the run as soon as the batch tells it. A batch that was under way when the
 * command was killed is followed again.
 * @throws JobError `conflict` when results of two bundles or pipelines would be mixed; the signal's reason
 */
export async function scoreVideos(
  folder: RunFolder,
  pending: readonly PendingVideo[],
  ports: ScoringPorts,
): Promise<void> {
  const { client, signal } = ports;
  const byName = new Map(pending.map((video) => [nameOf(video), video]));
  const underWay = await findUnderWay(folder, ports);
  const followed = underWay ?? (await begin(folder, pending, ports));
  ports.onBatch?.(true);
  let ended = 0;
  for await (const row of client.batches.results(followed.batch, { follow: true, signal })) {
    const video = byName.get(followed.names[Number(row.id)] ?? '');
    if (video === undefined) continue;
    await addRow(folder, video, row, ports);
    byName.delete(nameOf(video));
    ended += 1;
    if (ended === followed.names.length) ports.onBatch?.(false);
    ports.onVideo(ended, pending.length);
  }
  ports.onBatch?.(false);
  await rm(join(folder.path, BATCH_FILE), { force: true });
  const status = (await client.batches.get(followed.batch, { signal })).status;
  if (status === 'canceled')
    throw new JobError('canceled', 'the batch of this run was canceled; the same command scores what is left');
  // What stands in no row was refused as a row: its source is none that the API takes.
  const taken = new Set(followed.names);
  for (const video of byName.values()) {
    if (taken.has(nameOf(video))) await folder.add(named(failedOutcome(video.id, null, 'invalid_request'), video));
  }
  const left = [...byName.values()].filter((video) => !taken.has(nameOf(video)));
  if (left.length > 0) await scoreVideos(folder, left, ports);
}

async function begin(folder: RunFolder, pending: readonly PendingVideo[], ports: ScoringPorts) {
  const { client, owner, stateFolder, signal, bundle } = ports;
  const scratch = await mkdtemp(join(tmpdir(), 'styleflow-evaluate-'));
  try {
    const manifest = join(scratch, 'manifest.ndjson');
    const rows = pending.map(({ source }, index) => `${JSON.stringify({ source, id: String(index) })}\n`);
    await writeFile(manifest, rows.join(''));
    const batch = await submitBatch(client, {
      ...{ inputs: [manifest], skipInvalid: true, parallel: 4, owner, stateFolder, signal, stream: process.stderr },
      options: { ...folder.run.options, preview: false, ...(bundle === undefined ? {} : { bundle }) },
    });
    const under = { owner: [...owner], bundle: bundle ?? null, batch: batch.id, names: pending.map(nameOf) };
    await folder.write(BATCH_FILE, JSON.stringify(withCheck(folder.run.id, under)));
    const judged = await client.batches.validated(batch.id, { signal });
    if (judged.status === 'refused') {
      await rm(join(folder.path, BATCH_FILE), { force: true });
      const [fault] = judged.faults.listed;
      throw new JobError(
        'invalid_request',
        `the API took none of the videos: ${fault?.message ?? 'it says no reason'}`,
      );
    }
    return under;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The batch that was under way, if it is this run's, with the same bundle, and the API knows it. */
async function findUnderWay(folder: RunFolder, { client, owner, bundle, signal }: ScoringPorts) {
  const text = await readFile(join(folder.path, BATCH_FILE), 'utf8').catch(() => '');
  const raw = parsed(text);
  const read = UnderWaySchema.safeParse(raw);
  if (!read.success || !isAsWritten(folder.run.id, raw)) return null;
  if (read.data.owner.join(' ') !== owner.join(' ') || (read.data.bundle ?? null) !== (bundle ?? null)) return null;
  try {
    const { status } = await repeatCall(() => client.batches.get(read.data.batch, { signal }), signal);
    return status === 'canceled' ? null : read.data;
  } catch (error) {
    const { code } = toJobError(error);
    if (code === 'not_found' || code === 'gone') return null;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function addRow(folder: RunFolder, video: PendingVideo, row: ResultRow, ports: ScoringPorts): Promise<void> {
  if (row.status !== 'succeeded' || row.job === null) {
    await folder.add(named(failedOutcome(video.id, row.job, row.error_code ?? 'canceled'), video));
    return;
  }
  const { job } = row;
  const result = await repeatCall(() => ports.client.result(job), ports.signal);
  const served = servedOf(result, folder.run.options);
  if (folder.run.served === null) await folder.save({ ...folder.run, served });
  else {
    const mixture = refuseMixture(folder.run.served, served);
    if (mixture !== null) throw new JobError('conflict', mixture);
  }
  const styleMeans =
    video.keepsStyle === true ? await readStyleMeans(ports.client, job, result, ports.signal) : undefined;
  await folder.add(named(outcomeOf(video.id, row, result, styleMeans), video));
}

function named<T>(outcome: T, { perturbation }: PendingVideo): T {
  return perturbation === undefined ? outcome : { ...outcome, perturbation };
}

/** Unique among a run's videos. */
export function nameOf({
  id,
  perturbation,
}: {
  readonly id: string;
  readonly perturbation?: string | undefined;
}): string {
  return JSON.stringify([id, perturbation ?? null]);
}
