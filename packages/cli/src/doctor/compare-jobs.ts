import { isEnded, type JobId } from '@styleflow/contracts';
import { beginJob, type CensusLine } from '@styleflow/queue';
import { jobPrefix, listTombstones } from '@styleflow/storage';
import type { DoctorPorts } from './doctor-ports.js';
import type { Finding } from './finding.js';
import { readStoreTime } from './store-time.js';
import { type StoredJob, storedJobs } from './stored-jobs.js';

/** An upload lies at its job's place before there is a record; nobody uploads for so long. */
export const UNSETTLED_MS = 3_600_000;
/** Objects of no job are deleted only when they are older than this. */
export const STALE_MS = 24 * 3_600_000;

/** Walks through Redis and store side by side, in the order of ids, and tells what one has and the other lacks. */
export async function* compareJobs(ports: DoctorPorts): AsyncGenerator<Finding, void> {
  const buried = await buriedJobs(ports);
  const stored = storedJobs(ports.store);
  const known = censusLines(ports);
  let [object, line] = [await stored.next(), await known.next()];
  while (!object.done || !line.done) {
    const left = object.done ? null : object.value;
    const right = line.done ? null : line.value;
    if (right === null || (left !== null && left.job < right.job)) {
      if (left !== null) yield* withoutRecord(ports, left, buried);
      object = await stored.next();
    } else {
      const objects = left?.job === right.job ? left : null;
      yield* withRecord(ports, right, objects);
      if (objects !== null) object = await stored.next();
      line = await known.next();
    }
  }
}

async function buriedJobs({ endedJobs, store }: DoctorPorts): Promise<ReadonlySet<string>> {
  const buried = new Set<string>(await endedJobs.buriedIds());
  for await (const job of listTombstones(store)) buried.add(job);
  return buried;
}

async function* censusLines({ census }: DoctorPorts): AsyncGenerator<CensusLine, void> {
  for await (const page of census.jobs()) yield* page;
}

async function* withoutRecord(
  ports: DoctorPorts,
  { job, objects, newest, isAccepted, endedRuns }: StoredJob,
  buried: ReadonlySet<string>,
): AsyncGenerator<Finding, void> {
  const { clock, records, store } = ports;
  const remove = async (): Promise<string> => `deleted ${await store.deletePrefix(jobPrefix(job))} objects`;
  if (buried.has(job)) {
    yield {
      kind: 'buried_with_objects',
      job,
      says: `was deleted, and ${objects} objects of it are there`,
      mend: remove,
    };
    return;
  }
  // It may have been submitted since Redis was asked.
  if ((await records.read(job)) !== null) return;
  if (isAccepted || endedRuns.length > 0) {
    yield {
      kind: 'lost_job',
      job,
      says: 'Redis does not know it; the store can tell',
      mend: () => bringBack(ports, job),
    };
    return;
  }
  const ageMs = (await clock.now()) - newest.getTime();
  if (ageMs < UNSETTLED_MS) return;
  const says = `${objects} objects and no record from which the job could go on`;
  const removeOld = async (): Promise<string> => {
    // Their times are the store's: before anything is deleted by them, its own clock is asked.
    if ((await readStoreTime(store)) - newest.getTime() < STALE_MS)
      throw new Error('by the clock of the store they are fresh');
    return remove();
  };
  yield { kind: 'objects_without_record', job, says, ...(ageMs > STALE_MS && { mend: removeOld }) };
}

async function bringBack({ lostJobs, queue }: DoctorPorts, job: JobId): Promise<string> {
  const found = await lostJobs.bringBack(job);
  if (found.outcome === 'unrecoverable') throw new Error('its record in the store is damaged');
  if (found.outcome !== 'back') return 'it was deleted meanwhile';
  const { record } = found;
  if (isEnded(record.status)) return `brought its record back: it has ${record.status}`;
  await beginJob(queue, record);
  return 'brought its record back; it goes on';
}

async function* withRecord(
  ports: DoctorPorts,
  line: CensusLine,
  stored: StoredJob | null,
): AsyncGenerator<Finding, void> {
  const { job, run, status } = line;
  if (status === null) {
    yield { kind: 'record_without_objects', job, says: 'a list names it, and there is no record' };
    return;
  }
  const lacks = missingOf(line, stored);
  // What changed between the two looks is no finding.
  if (lacks !== null && (await ports.records.read(job))?.status === status) {
    yield { kind: 'record_without_objects', job, says: `${status}, and ${lacks} is not in the store` };
  }
  if (isEnded(status)) return;
  if (stored?.isAccepted !== true && (await ports.records.read(job))?.run === run) {
    yield {
      kind: 'record_not_kept',
      job,
      says: `${status}, and the store could not bring it back`,
      mend: async () => {
        await ports.lostJobs.keep(job);
        return 'kept its record in the store';
      },
    };
  }
  yield* withoutEntries(ports, line);
}

function missingOf({ run, status, isUpload, isArchived }: CensusLine, stored: StoredJob | null): string | null {
  if (isArchived && stored?.endedRuns.includes(run) !== true) return 'its record';
  if (status === 'succeeded' && stored?.hasResult !== true) return 'its result';
  if (status === 'queued' && isUpload && stored?.hasSource !== true) return 'its video';
  return null;
}

/** A submission adds the flow right after the record. */
const SETTLED_MS = 60_000;

async function* withoutEntries(
  { clock, records, queue }: DoctorPorts,
  { job, run, createdAt }: CensusLine,
): AsyncGenerator<Finding, void> {
  const ageMs = createdAt === null ? SETTLED_MS : (await clock.now()) - Date.parse(createdAt);
  if (ageMs > -SETTLED_MS && ageMs < SETTLED_MS) return;
  const state = await queue.flowState({ job, run });
  if (state === 'live') return;
  if ((await records.read(job))?.isWaiting === true) return;
  const mend = async (): Promise<string> => {
    const record = await records.read(job);
    if (record === null || record.run !== run || isEnded(record.status)) return 'it has ended meanwhile';
    if (state === 'dead') await queue.reviveFinish({ job, run });
    else await beginJob(queue, record);
    return 'gave it its entries again';
  };
  yield { kind: 'job_without_entries', job, says: `has not ended, and its entries are ${state}`, mend };
}
