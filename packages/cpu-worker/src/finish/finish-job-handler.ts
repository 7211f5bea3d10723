import { dropRunPixels, dropRunVariants } from '@styleflow/clips';
import { type FinishPayload, isEnded, JobError, type JobRun, toJobError, variantsOf } from '@styleflow/contracts';
import type { Language } from '@styleflow/job-view';
import {
  type Attempt,
  type Ending,
  type JobQueue,
  type JobRecord,
  type JobRecords,
  preparePayloadOf,
  type ShadowRuns,
} from '@styleflow/queue';
import { currentSpan, type Logger, metrics } from '@styleflow/runtime';
import { type ObjectStore, preparedKey } from '@styleflow/storage';
import { readPrepared } from '../prepared/read-prepared.js';
import { buildResult } from './build-result.js';
import { judgeSides, lastStoredAt, readSides, whyForGood } from './judge-sides.js';
import { storeReport, storeResult } from './store-outcome.js';

export interface FinishJobPorts {
  readonly records: JobRecords;
  readonly queue: JobQueue;
  readonly store: ObjectStore;
  readonly shadows: Pick<ShadowRuns, 'isHeld'>;
  readonly logger: Logger;
  readonly version: string;
  /** Of the report. */
  readonly language: Language;
}

/**
 * The last stage of a run: reads what the other stages stored, decides, writes result and report, and ends the job.
 *
 * It may run twice, and on two machines at once: it rests on stored objects alone, so both write the same bytes to the
 * same keys, and the record's compare-and-set lets one of them end the job. A run that has ended is left as it is.
 * Where a stored object is damaged or gone it has the run prepared again, a bounded number of times, and waits for that.
 */
export function finishJobHandler(
  ports: FinishJobPorts,
): (attempt: Attempt<FinishPayload>) => Promise<'await-children' | undefined> {
  return async (attempt) => {
    const { job, run } = attempt.payload;
    const logger = ports.logger.child({ stage: 'finish', job, run, attempt: attempt.number });
    const record = await readOpen(ports.records, { job, run });
    if (record === null) {
      logger.info('finish has nothing to do: the run has ended');
      return undefined;
    }
    logger.info('finish started');
    const ending = await decideEnding(ports, record, attempt, logger);
    if (ending === 'await-children') {
      currentSpan().event('prepared again');
      return ending;
    }
    logger.info({ status: ending.status }, 'finish ends the job');
    currentSpan().set({
      'styleflow.job.status': ending.status,
      'styleflow.job.error_code': ending.status === 'failed' ? ending.error.code : undefined,
    });
    if (!(await ports.records.end({ job, run }, ending))) return undefined;
    metrics.jobEnded(ending.status, ending.status === 'failed' ? ending.error.code : '');
    logger.info({ status: ending.status }, 'job ended');
    // Pixels that shadows want go when these have scored them, or by the sweep at their deadline.
    const isHeld = await isHeldForShadows(ports, { job, run });
    // Clips that were never scored (canceled, given up) still have their pixels. What is left here, the sweep deletes.
    await dropUnscored(
      ports.store,
      record,
      isHeld || (record.options.keepCrops && ending.status === 'succeeded'),
    ).catch((error: unknown) => {
      logger.warn({ err: error }, 'could not delete the pixels of an ended run');
    });
    return undefined;
  };
}

/** Re-encodings of clips are not kept, not even where the clips themselves are. */
async function dropUnscored(store: ObjectStore, { id, run, options }: JobRecord, isKept: boolean): Promise<void> {
  if (!isKept) return dropRunPixels(store, { job: id, run });
  if (variantsOf(options).length > 0) await dropRunVariants(store, { job: id, run });
}

/** An outage costs a comparison; pixels that nobody deletes would stay for long. */
function isHeldForShadows({ shadows, logger }: FinishJobPorts, run: JobRun): Promise<boolean> {
  return shadows.isHeld(run).catch((error: unknown) => {
    logger.warn({ ...run, err: error }, 'shadows miss a job');
    return false;
  });
}

/** The record, while the run is the job's current one and has not ended. */
async function readOpen(records: JobRecords, { job, run }: JobRun): Promise<JobRecord | null> {
  const record = await records.read(job);
  return record !== null && record.run === run && !isEnded(record.status) ? record : null;
}

async function decideEnding(
  ports: FinishJobPorts,
  record: JobRecord,
  attempt: Attempt<FinishPayload>,
  logger: Logger,
): Promise<Ending | 'await-children'> {
  try {
    return record.cancelRequested ? { status: 'canceled' } : await decideOutcome(ports, record, logger);
  } catch (thrown) {
    const final = attempt.finalError(toJobError(thrown));
    if (final === null) throw thrown;
    logger.error({ err: thrown }, 'finish failed for the last time');
    // What was away for too long is named; a fault of this stage itself must not leave the job open for ever either.
    return failed(
      final.fault === 'surroundings' ? final : new JobError('internal', 'The result could not be put together.'),
    );
  }
}

async function decideOutcome(
  ports: FinishJobPorts,
  record: JobRecord,
  logger: Logger,
): Promise<Ending | 'await-children'> {
  const run: JobRun = { job: record.id, run: record.run };
  const failures = await ports.queue.childFailures(run);
  // An outage has outlasted the budget already: nothing is waited for once more.
  if (failures.prepare?.fault === 'surroundings') return failed(failures.prepare);
  const prepared = await readPrepared(ports.store, run);
  if (prepared === null && failures.prepare) return failed(failures.prepare);
  if (prepared === null || prepared === 'damaged') {
    metrics.objectDamaged('prepared');
    const key = preparedKey(run.job, run.run);
    logger.warn({ key }, 'a stored object is damaged or gone');
    if (await ports.queue.prepareAgain(preparePayloadOf(record))) return 'await-children';
    return failed(new JobError('internal', `The stored object ${key} is damaged${whyForGood(failures)}.`));
  }
  const sides = await readSides({ ...ports, logger }, record, prepared.value, failures);
  const lost = sides.flatMap((side) => side.lost);
  if (lost.length > 0) {
    if (await ports.queue.prepareAgain(preparePayloadOf(record))) return 'await-children';
    logger.warn({ clips: lost.length, first: lost[0]?.key }, `clips given up: damaged${whyForGood(failures)}`);
  }
  const judged = judgeSides(sides);
  if (judged instanceof JobError) return failed(judged);

  const finishedAt = sides.reduce((last, side) => latest(last, lastStoredAt(side)), prepared.storedAt);
  const result = buildResult({ record, prepared: prepared.value, judged, finishedAt, version: ports.version });
  const scored = judged.find(({ leftOut }) => leftOut === undefined)?.scores.scored ?? 0;
  let resultSha256: string | undefined;
  // A finisher that was suspended for long must not write over what stands behind a status that clients have seen.
  if ((await readOpen(ports.records, run)) !== null) {
    await storeReport(ports.store, { record, result, language: ports.language });
    logger.info({ scored, bundles: judged.length }, 'report stored');
    resultSha256 = await storeResult(ports.store, result);
    // After the job's end nobody would write it again.
    await ports.store.confirm();
    logger.info('result stored');
  }
  return {
    status: 'succeeded',
    verdict: result.verdict,
    faces: result.faces.length,
    clips: scored,
    ...(resultSha256 !== undefined && { resultSha256 }),
  };
}

function failed({ code, message }: JobError): Ending {
  return { status: 'failed', error: { code, message } };
}

function latest(first: Date, second: Date | null): Date {
  return second !== null && second > first ? second : first;
}
