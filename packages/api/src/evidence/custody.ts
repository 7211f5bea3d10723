import { JobError } from '@styleflow/contracts';
import { CUSTODY_ENTRIES_MAX, type CustodyNote, extendCustody, isStageEvent, stageEventOf } from '@styleflow/evidence';
import type { CustodyState, JobRecord, StageNote } from '@styleflow/queue';
import type { ApiPorts } from '../ports/api-ports.js';

/** Others append to the same log only when they touch the same job's evidence at the same time. */
const ATTEMPTS = 20;

type CustodyPorts = Pick<ApiPorts, 'custodyLogs'>;
type Watched = Pick<JobRecord, 'id' | 'owner' | 'createdAt'>;

/**
 * Adds a note to a job's log, behind everything that has happened to the job since the last one; without a note only that. Answers
 * the whole log.
 * @throws JobError `conflict` when the log is full: no access without an entry. `gone` when the job was deleted meanwhile.
 */
export async function noteCustody(
  { custodyLogs }: CustodyPorts,
  record: Watched,
  note?: CustodyNote,
): Promise<readonly string[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const state = await custodyLogs.read(record.id);
    if (state === null) break;
    const notes = [...pendingNotes(record, state), ...(note ? [note] : [])];
    if (notes.length === 0) return state.lines;
    if (state.lines.length + notes.length > CUSTODY_ENTRIES_MAX) {
      if (note === undefined) return state.lines;
      throw new JobError(
        'conflict',
        `The custody log of this job has its ${CUSTODY_ENTRIES_MAX} entries: no access can be entered, so none is given.`,
      );
    }
    const lines = extendCustody(record.id, state.lines.at(-1), notes);
    if (await custodyLogs.append(record.id, state.lines, lines)) return [...state.lines, ...lines];
  }
  throw new JobError('gone', `Job ${record.id} was deleted, or its log is written by too many at once.`);
}

/** What has happened to the job and does not stand in its log yet. */
function pendingNotes({ owner, createdAt }: Watched, { lines, stages, stagesLeftOut }: CustodyState): CustodyNote[] {
  const submitted: CustodyNote = { at: Date.parse(createdAt), event: 'submitted', by: owner };
  const noted = lines.filter(isStageEvent).length;
  const pending = stages.slice(noted).map(noteOf);
  const isCut = stagesLeftOut > 0 && !lines.some((line) => line.includes('"stages_left_out"'));
  const last = stages.at(-1)?.at ?? submitted.at;
  return [
    ...(lines.length === 0 ? [submitted] : []),
    ...pending,
    ...(isCut ? [{ at: last, event: 'stages_left_out', by: null } as const] : []),
  ];
}

function noteOf({ at, status, run, attempts, cancelRequested }: StageNote): CustodyNote {
  return { at, event: stageEventOf(status, cancelRequested), by: null, facts: { run, attempt: attempts } };
}
