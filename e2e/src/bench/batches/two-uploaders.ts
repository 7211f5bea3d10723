import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BatchId, BatchSchema, isBatchOver, itemJobId } from '@styleflow/contracts';
import { batchPartsPrefix, claimedUploadKey, type ObjectStore, sourceKey, UPLOADS_PREFIX } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { CommandLine } from '../../system/command-line.js';
import { megabytes, watchMemory } from '../peak-memory.js';
import { auditUploads, type SentFile, type UploadsAudit } from './audit-uploads.js';
import { type BatchSystem, startBatchSystem } from './batch-system.js';

export interface TwoUploadersOptions {
  /** Of each command line. */
  readonly files: number;
  readonly mib: number;
}

type Uploader = 'many' | 'crowd';
const PARALLEL = 4;
/** Share of its files after which the first one is killed. */
const KILL_AT = 0.5;
const PATIENCE_MS = 60 * 60_000;

/**
 * Two command lines upload a folder each at once, one is killed in the middle and started again; then what the store has is compared
 * with the files, and with what had been noted before the kill. A finding makes the exit code 1.
 */
export async function benchTwoUploaders(
  say: (line: string) => void,
  { files: count, mib }: TwoUploadersOptions,
): Promise<Record<string, unknown>> {
  const system = await startBatchSystem({ cpuWorkers: 1 });
  const memory = watchMemory(() => system.api.pid, 200);
  try {
    const [first, second] = [
      await makeFolder(system, 'many', count, mib),
      await makeFolder(system, 'crowd', count, mib),
    ];
    say(`${2 * count} files of ${mib} MiB are made`);
    // The uploads are what is measured: nothing is decoded beside them, and what was claimed stays to be looked at.
    await system.clientOf('operator').pauseQueue('prepare');
    const startedAt = performance.now();
    const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
    const [running, others] = [startUpload(system, first), startUpload(system, second)];
    await until('half of its files are uploaded', async () => (await journalOf(first)).size >= KILL_AT * count, {
      timeoutMs: PATIENCE_MS,
    });
    running.child.kill('SIGKILL');
    await running.ended();
    const noted = await journalOf(first);
    // What the API had received as a whole by then becomes an object; what breaks off does not.
    await pause(500);
    const whole = await uploadsOf(system.store, 'many');
    say(
      `killed after ${seconds()} s with ${noted.size} files noted and ${whole.size} whole in the store; it starts again`,
    );
    const again = startUpload(system, first);
    const exits = await Promise.all([again.ended(), others.ended()]);
    const uploaded = seconds();
    if (exits.some((code) => code !== 0)) throw new Error(`a command line failed:\n${again.stderr}\n${others.stderr}`);
    const peak = memory.peak();
    say(`both batches are accepted after ${uploaded} s`);
    const ids = [again, others].map((run) => BatchSchema.parse(JSON.parse(run.stdout)).id) as [BatchId, BatchId];
    const audits: Record<Uploader, UploadsAudit> = {
      many: auditUploads({
        files: first.files,
        notedAtTheKill: noted,
        wholeAtTheKill: whole,
        items: await itemsOf(system.store, ids[0]),
        leftUploads: [...(await uploadsOf(system.store, 'many'))],
        parallel: PARALLEL,
      }),
      crowd: auditUploads({
        files: second.files,
        notedAtTheKill: new Map(),
        wholeAtTheKill: new Set(),
        items: await itemsOf(system.store, ids[1]),
        leftUploads: [...(await uploadsOf(system.store, 'crowd'))],
        parallel: PARALLEL,
      }),
    };
    await system.clientOf('operator').resumeQueue('prepare');
    const counts = {
      many: await endsOf(system, 'many', ids[0]),
      crowd: await endsOf(system, 'crowd', ids[1]),
    };
    const jobs = counts.many.jobs + counts.crowd.jobs;
    say(`all have ended after ${seconds()} s: ${JSON.stringify(counts)}`);
    const findings = [
      ...audits.many.findings,
      ...audits.crowd.findings,
      ...(jobs === 2 * count ? [] : [{ kind: 'lost-job', says: `${jobs} of ${2 * count} jobs are there` }]),
    ];
    for (const { kind, says } of findings.slice(0, 20)) say(`finding: ${kind}: ${says}`);
    if (findings.length > 0) process.exitCode = 1;
    const bytes = 2 * count * mib * 2 ** 20;
    return {
      files: 2 * count,
      mebibytes: mib,
      contents: 'distinct, sparse files that are no videos: each job fails at once with unsupported_media',
      secondsUntil: { bothAccepted: uploaded, allEnded: seconds() },
      megabytesPerSecond: Math.round(bytes / 1e5 / uploaded) / 10,
      apiPeakMegabytes: megabytes(peak),
      notedAtTheKill: audits.many.notedAtTheKill,
      sentTwiceThoughNoted: audits.many.findings.filter(({ kind }) => kind === 'sent-twice').length,
      wholeWithoutAnswerAtTheKill: audits.many.wholeWithoutAnswer,
      filesAtOnce: PARALLEL,
      jobs: counts,
      findings: findings.length,
      eachFinding: findings.slice(0, 200).map(({ kind, says }) => `${kind}: ${says}`),
    };
  } finally {
    memory.stop();
    await system.stop();
  }
}

interface Folder {
  readonly owner: Uploader;
  readonly path: string;
  readonly state: string;
  readonly files: readonly SentFile[];
}

/** Each file begins with a line of its own and is empty space from there on, which costs a disk nothing and is sent like any bytes. */
async function makeFolder(system: BatchSystem, owner: Uploader, count: number, mib: number): Promise<Folder> {
  const path = join(system.folder, owner);
  await mkdir(path);
  const size = mib * 2 ** 20;
  const files: SentFile[] = [];
  for (let n = 0; n < count; n += 1) {
    const name = `${String(n).padStart(5, '0')}.mp4`;
    const head = Buffer.from(`file ${n} of ${owner}\n`);
    const file = await open(join(path, name), 'w');
    await file.write(head);
    await file.truncate(size);
    await file.close();
    const digest = createHash('sha256')
      .update(head)
      .update(Buffer.alloc(size - head.length))
      .digest('hex');
    files.push({ name, sha256: digest });
  }
  return { owner, path, state: join(system.folder, `${owner}-state`), files };
}

function startUpload({ url, keyOf }: BatchSystem, { owner, path, state }: Folder): CommandLine {
  const env = { STYLEFLOW_API: url, STYLEFLOW_API_KEY: keyOf(owner), XDG_STATE_HOME: state };
  return new CommandLine(['batch', 'submit', path, '--json', '--parallel', String(PARALLEL)], { env });
}

/** Uploads by the name of their file, as the command line has noted them. A line that was broken off counts for nothing. */
async function journalOf({ state }: Folder): Promise<Map<string, string>> {
  const folder = join(state, 'styleflow', 'uploads');
  const noted = new Map<string, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    for (const line of (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n')) {
      const entry = parsed(line);
      // Of a long file its parts are noted before it is whole.
      if (entry !== null && entry.isWhole !== false) noted.set(basename(entry.path), entry.uploadId);
    }
  }
  return noted;
}

function parsed(line: string): { path: string; uploadId: string; isWhole?: boolean } | null {
  try {
    return JSON.parse(line) as { path: string; uploadId: string; isWhole?: boolean };
  } catch {
    return null;
  }
}

async function uploadsOf(store: ObjectStore, owner: Uploader): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { key } of store.list(`${UPLOADS_PREFIX}${owner}/`)) ids.add(basename(key));
  return ids;
}

/** Items as the store keeps them, with the digest of the bytes that the batch or the item's job has. */
async function itemsOf(
  store: ObjectStore,
  batch: BatchId,
): Promise<{ id: string; uploadId: string; sha256: string | null }[]> {
  const items: { id: string; uploadId: string; sha256: string | null }[] = [];
  for await (const { key } of store.list(batchPartsPrefix(batch, 'items'))) {
    const [, ...lines] = String(await store.get(key)).split('\n');
    for (const line of lines.filter((text) => text !== '')) {
      const item = JSON.parse(line) as { index: number; id: string; source: { uploadId: string } };
      const sha256 =
        (await digestOf(store, claimedUploadKey(batch, item.index))) ??
        (await digestOf(store, sourceKey(itemJobId(batch, item.index))));
      items.push({ id: item.id, uploadId: item.source.uploadId, sha256 });
    }
  }
  return items;
}

async function digestOf(store: ObjectStore, key: string): Promise<string | null> {
  const object = await store.getStream(key);
  if (object === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of object.stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Waits for the batch's end and reads its rows: each item is a job, with a row of its own. */
async function endsOf(
  { clientOf }: BatchSystem,
  owner: Uploader,
  id: string,
): Promise<{ jobs: number; failed: number; rows: number }> {
  const { batches } = clientOf(owner);
  const batch = await until(
    `the batch of ${owner} has ended`,
    async () => {
      const now = await batches.get(id);
      return isBatchOver(now.status) ? now : null;
    },
    { timeoutMs: PATIENCE_MS },
  );
  const jobs = new Set<string>();
  let rows = 0;
  for await (const { job } of batches.results(id)) {
    rows += 1;
    if (job !== null) jobs.add(job);
  }
  return { jobs: jobs.size, failed: batch.counts.failed, rows };
}
