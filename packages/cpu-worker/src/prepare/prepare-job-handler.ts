import { join } from 'node:path';
import { type ScorePlace, scorePlaces } from '@styleflow/clips';
import {
  type DetectionMode,
  type JobRun,
  keepsPreview,
  type Prepared,
  type PreparePayload,
  variantsOf,
} from '@styleflow/contracts';
import {
  type Attempt,
  type JobChanges,
  type JobQueue,
  type JobRecord,
  type JobRecords,
  judgesOf,
  type SharedClock,
  type StageHandler,
} from '@styleflow/queue';
import { currentSpan, type Logger } from '@styleflow/runtime';
import type { FetchedSource, FetchTarget } from '@styleflow/sources';
import type { ObjectStore } from '@styleflow/storage';
import type { FetchTurn, FetchTurns } from '../fetch/fetch-turns.js';
import type { SlowFetches } from '../fetch/slow-fetches.js';
import type { SourceFetcher } from '../fetch/source-fetcher.js';
import { readPrepared } from '../prepared/read-prepared.js';
import { anotherVideo } from './bind-run.js';
import type { DecodePlaces } from './decode-places.js';
import { followThread } from './follow-thread.js';
import type { ClipKeeper } from './hold-for-shadows.js';
import { startJobDeadline } from './job-deadline.js';
import { findKeptClips } from './kept-clips.js';
import { addStoredClips, lacksScores } from './plan-clips.js';
import type { PrepareThread, PrepareThreads } from './prepare-threads.js';
import type { Scratch } from './scratch.js';
import { inStepSpans } from './step-spans.js';
import { takeOverClips } from './take-over-clips.js';
import { RunUnwanted, watchRun } from './watch-run.js';

export interface PrepareJobPorts {
  readonly records: JobRecords;
  readonly queue: JobQueue;
  readonly changes: JobChanges;
  readonly store: ObjectStore;
  readonly threads: PrepareThreads;
  readonly turns: Pick<FetchTurns, 'take'>;
  readonly fetcher: Pick<SourceFetcher, 'fetch'>;
  readonly fetches: Pick<SlowFetches, 'during'>;
  readonly decodePlaces: Pick<DecodePlaces, 'during'>;
  readonly clock: SharedClock;
  /** Digests of what decides the pixels of a clip on this worker. */
  readonly preprocessing: Readonly<Record<DetectionMode, string>>;
  /** From the first start of a run on, all attempts and waits together; from anew when it is prepared `again`. */
  readonly maxJobMs: number;
  readonly scratch: Scratch;
  /** See `holdForShadows`. */
  readonly hold: (record: JobRecord) => Promise<ClipKeeper>;
  readonly logger: Logger;
}

/**
 * The first stage of a run, as the main thread sees it: a thread does the work, clip by clip; here each clip gets its entry
 * in the queue, progress is told, and the work is stopped when nobody wants it any more.
 *
 * It may run twice: ids and keys are derived, clips that have a score are left alone, and once the account of a run is
 * stored, a repeated start only makes sure that every clip has its entry. When it is started `again`, because objects of the
 * run are damaged, it also cuts the clips anew that have no score, of the same source, and gives them new entries. A job that scores an
 * earlier one again takes over what that one kept, its clips if they are as this worker would cut them.
 */
export function prepareJobHandler(ports: PrepareJobPorts): StageHandler<PreparePayload> {
  return async (attempt) => {
    const { job, run } = attempt.payload;
    // Before the start is counted: whose turn it is not has not been started.
    const record = await ports.records.read(job);
    if (record === null) return ports.logger.info({ job, run }, 'nothing to prepare: the job is gone');
    const turn = await ports.turns.take(record.owner, record.source);
    try {
      await prepareJob(ports, attempt, turn);
    } catch (error) {
      // What is retried comes here again; what takes the attempt away lets the next one do it.
      if (!attempt.signal.aborted) await dropUnwanted(ports, { job, run });
      throw error;
    } finally {
      await turn.release();
    }
    await dropUnwanted(ports, { job, run });
  };
}

/**
 * A cancellation marks the record and then takes the waiting entries out of the queues. A clip's entry that was added between
 * the two looks of this attempt came after that: nobody else would take it out, and without a GPU worker the job would not end.
 */
async function dropUnwanted({ records, queue }: PrepareJobPorts, run: JobRun): Promise<void> {
  if (!(await records.isWanted(run))) await queue.dropWaiting(run);
}

async function prepareJob(ports: PrepareJobPorts, attempt: Attempt<PreparePayload>, turn: FetchTurn): Promise<void> {
  const { job, run } = attempt.payload;
  const logger = ports.logger.child({ stage: 'prepare', job, run, attempt: attempt.number });
  const record = await ports.records.beginPrepare({ job, run });
  if (record === null) return logger.info('nothing to prepare: the run is not wanted');
  logger.info('prepare started');
  const keeper = await ports.hold(record);
  const stored = await readPrepared(ports.store, { job, run });
  if (stored === 'damaged') logger.warn('what was prepared before is damaged: it is prepared anew');
  const before = stored === 'damaged' || stored === null ? null : stored.value;
  if (
    before &&
    !(attempt.payload.again !== undefined && (await lacksScores(ports.store, { job, run }, before, placesOf(record))))
  ) {
    await addStoredClips(ports, attempt.payload, before, { places: placesOf(record), keeper });
    await ports.records.noteKept({ job, run }, bytesKept(record, before));
    logger.info('prepare had ended before; its clips have their entries');
  } else if (!(await fetchAndPrepare(ports, attempt, { record, before, turn, keeper, logger }))) {
    currentSpan().event('run not wanted');
    return logger.info('prepare stopped: the run is not wanted any more');
  }
  logger.info('prepare ended');
}

interface PrepareStart {
  readonly record: JobRecord;
  /** The account of the run, where it was prepared before: its other clips are scored. */
  readonly before: Prepared | null;
  readonly turn: FetchTurn;
  readonly keeper: ClipKeeper;
  readonly logger: Logger;
}

/** False when the run was not wanted any more before its end. */
async function fetchAndPrepare(
  ports: PrepareJobPorts,
  attempt: Attempt<PreparePayload>,
  { record, before, turn, keeper, logger }: PrepareStart,
): Promise<boolean> {
  const { job, run, options, againAt } = attempt.payload;
  const startedAt = againAt === undefined ? record.startedAt : new Date(againAt).toISOString();
  const deadline = await startJobDeadline(ports, { startedAt });
  const signals = AbortSignal.any([attempt.signal, deadline.signal]);
  // While there is no thread at work there is nothing to look at.
  let look: PrepareThread['look'] = async () => ({ framesDecoded: 0, framesTotal: null });
  const watch = watchRun({ job, run }, { thread: { look: () => look() }, records: ports.records, logger }, signals);
  try {
    const kept = await findKeptClips(ports, record, attempt.payload.again, before?.video.sha256);
    if (kept !== null) {
      await turn.release();
      const { signal } = watch;
      await takeOverClips(ports, attempt.payload, kept, { places: placesOf(record), keeper, signal, logger });
      return true;
    }
    await ports.scratch.withFolder((folder) =>
      inStepSpans(async (steps) => {
        logger.info({ step: 'fetch' }, 'prepare step');
        steps.begin('fetch');
        const file = join(folder, 'source');
        const beganAt = performance.now();
        const onTarget = (target: FetchTarget): Promise<void> => turn.connect(target);
        const fetched = await ports.fetches.during(() =>
          ports.fetcher.fetch({ job: record, toFile: file }, { onTarget, signal: watch.signal }),
        );
        await turn.release();
        assertSame(fetched, before);
        const fetchSeconds = (performance.now() - beganAt) / 1000;
        await ports.decodePlaces.during(
          () =>
            ports.threads.lend(async (thread) => {
              const bundles = neededFrom(record);
              const source = { ...fetched, file, fetchSeconds };
              const preview = keepsPreview(options, record.source);
              const keepsSource = keepsSourceOf(record);
              const kept = { preview, keepsSource };
              await thread.start({ job, run, source, options, folder, ...kept, ...(bundles && { bundles }) });
              look = () => thread.look();
              await followThread({ ...ports, keeper }, attempt.payload, thread, steps, watch.signal, logger);
            }),
          watch.signal,
        );
      }),
    );
    return true;
  } catch (error) {
    if (watch.signal.aborted && watch.signal.reason instanceof RunUnwanted) return false;
    if (attempt.signal.aborted) throw attempt.signal.reason;
    throw deadline.signal.aborted ? deadline.signal.reason : deadline.bounded(error);
  } finally {
    watch.stop();
    deadline.stop();
  }
}

/** The bundles whose scores each clip needs, of a job that several judge. */
function neededFrom(record: JobRecord): string[] | undefined {
  if (record.bundles === undefined) return undefined;
  return judgesOf(record).flatMap(({ place, isLeftOut }) => (place === undefined || isLeftOut ? [] : [place]));
}

/** Every score that a clip of the job needs. */
function placesOf(record: JobRecord): ScorePlace[] {
  return scorePlaces(neededFrom(record), variantsOf(record.options));
}

/** Whether the source is to be copied to the job's own place, where an upload lies already. */
const keepsSourceOf = ({ options, source, rescoreOf }: JobRecord): boolean =>
  options.keepSource && (source.type !== 'upload' || rescoreOf !== undefined);

/** Of the run that was prepared before, what it keeps for people. */
function bytesKept(record: JobRecord, { preview, video }: Prepared): number {
  return (preview?.bytes ?? 0) + (keepsSourceOf(record) ? video.bytes : 0);
}

/** Clips of two videos must not meet in one result. */
function assertSame({ sha256 }: FetchedSource, before: Prepared | null): void {
  if (before === null || before.video.sha256 === sha256) return;
  throw anotherVideo();
}
