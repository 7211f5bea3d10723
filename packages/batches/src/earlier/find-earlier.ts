import { isEnded, isJobId, JobError, type JobId, type JobOptions } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import { refuseSource, type SourceRules } from '@styleflow/sources';
import type { ObjectStore } from '@styleflow/storage';
import { isAtHand } from './video-at-hand.js';

/** So many earlier jobs of one video are looked through for what they kept. */
const EARLIER_MAX = 8;

export interface EarlierPorts {
  readonly records: Pick<JobRecords, 'read' | 'standing'>;
  readonly store: Pick<ObjectStore, 'get' | 'head' | 'list'>;
  readonly sourceRules: SourceRules;
}

/** An ended job whose video can be judged once more. */
export interface EarlierJob {
  readonly record: JobRecord;
  /** As the new job keeps it: this one, then those that it scored again. */
  readonly rescoreOf: readonly JobId[];
  /** What is wanted of the new job. */
  readonly options: JobOptions;
}

/**
 * The job that a source of type `job` names. Another owner's is answered like one that never was, also to admins: what is made of
 * a video belongs to whoever sent it.
 * @param optionsOver the options of the new job, over those of the earlier one: kept clips serve none that looks at other frames or faces.
 * @throws JobError `not_found`; `conflict` before its end; `gone` when nothing is left of its video; `forbidden` for a source that the
 *   present settings refuse
 */
export async function findEarlier(
  ports: EarlierPorts,
  owner: string,
  id: string,
  optionsOver: (earlier: JobOptions) => JobOptions = (same) => same,
): Promise<EarlierJob> {
  const record = await readOwn(ports.records, owner, id);
  if (!isEnded(record.status)) {
    throw new JobError('conflict', `The job ${record.id} has not ended, so there is nothing to score again.`);
  }
  refuseSource(record.source, ports.sourceRules);
  const rescoreOf = [record.id, ...(record.rescoreOf ?? [])].slice(0, EARLIER_MAX);
  const options = optionsOver(record.options);
  if (!(await isAtHand(ports, record, rescoreOf, options))) {
    throw new JobError(
      'gone',
      `The video of job ${record.id} cannot be had any more: its upload, or the credentials of its address, went after its end, and it kept neither source nor clips (options.keepSource, options.keepCrops).`,
    );
  }
  return { record, rescoreOf, options };
}

/** What `findEarlier` says of a job that cannot be scored again; null for an error of the surroundings. */
export function refusalOf(error: unknown): JobError | null {
  if (!(error instanceof JobError)) return null;
  return ['not_found', 'conflict', 'gone', 'forbidden'].includes(error.code) ? error : null;
}

async function readOwn(records: EarlierPorts['records'], owner: string, id: string): Promise<JobRecord> {
  if (!isJobId(id)) throw unknown(id);
  try {
    const record = await records.read(id);
    if (record?.owner === owner) return record;
  } catch (error) {
    if (!(error instanceof JobError) || error.code !== 'gone') throw error;
    // Deleted, or its record is damaged: that is said to its owner alone.
    if (error.details?.owner === owner || (await records.standing(id, owner)) !== null) throw error;
  }
  throw unknown(id);
}

function unknown(id: string): JobError {
  return new JobError('not_found', `There is no job ${id.slice(0, 100)}.`);
}
