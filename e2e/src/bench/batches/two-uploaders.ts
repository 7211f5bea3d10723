import { setTimeout as pause } from 'node:timers/promises';
import { type BatchId, BatchSchema, isBatchOver } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { megabytes, watchMemory } from '../peak-memory.js';
import { auditUploads, type UploadsAudit } from './audit-uploads.js';
import { type BatchSystem, startBatchSystem } from './batch-system.js';
import { itemsOf, journalOf, makeFolder, PARALLEL, startUpload, type Uploader, uploadsOf } from './upload-folder.js';

export interface TwoUploadersOptions {
  /** Of each command line. */
  readonly files: number;
  readonly mib: number;
}

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
