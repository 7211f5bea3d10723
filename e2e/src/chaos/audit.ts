import { isDeepStrictEqual } from 'node:util';
import { isEnded, type JobStatus } from '@styleflow/contracts';
import type { ClientLog, CreateAnswer, CreateLog, JobLog } from './client-log.js';

/** One job as the API lists it in the end. */
export interface ListedJob {
  readonly id: string;
  /** From its metadata; null for a job that no client of the run made. */
  readonly token: string | null;
  readonly status: JobStatus;
  readonly error: string | null;
  /** Events of the job that tell an end; null where its events are gone already. */
  readonly endEvents: number | null;
  /** Of a job that succeeded, without ids and times; null when it could not be read. */
  readonly result: unknown;
}

/** What there is when all has calmed down. */
export interface FinalState {
  readonly listed: readonly ListedJob[];
  /** Keys of the object store. */
  readonly objects: readonly string[];
  /** Jobs of which Redis holds a record, or where its archived one lies. */
  readonly recorded: readonly string[];
  /** Ids of queue entries, of any state. */
  readonly entries: readonly string[];
  /** Processes that are not ready, with what they say. */
  readonly unready: readonly string[];
}

export const FINDING_KINDS = {
  lost: 'a job that was accepted is not there',
  unended: 'a job that was accepted has not ended',
  failed: 'a job with a good video failed',
  'ended-twice': 'a job ended more than once, or in two ways',
  'other-result': 'a result is not that of the undisturbed run',
  'no-result': 'the result of a job that succeeded cannot be read',
  doubled: 'a create that was repeated with its key made several jobs, or was answered with several ids',
  'never-accepted': 'a create that was repeated with its key was never accepted',
  refused: 'a good create was refused by a code that no outage explains',
  untold: 'a job of which nobody was told, though the connection held',
  'told-gone': 'a poll said that there is no such job, though it was accepted and not deleted',
  undead: 'a job that was deleted is listed or recorded',
  'left-object': 'objects lie in the store of a job that is not there',
  'left-record': 'Redis has a record that the API does not list',
  'left-entry': 'queue entries of a job that has ended, or is not there, stay',
  unready: 'a process is not ready after all faults have ended',
} as const;
export type FindingKind = keyof typeof FINDING_KINDS;

export interface Finding {
  readonly kind: FindingKind;
  readonly job: string | null;
  /** The particulars, in words. */
  readonly says: string;
}

export interface Audit {
  readonly findings: readonly Finding[];
  /** Jobs that exist and whose client heard nothing since its connection was cut: allowed, and listed. */
  readonly untoldByCutConnection: readonly string[];
  readonly acceptedJobs: number;
  readonly equalResults: number;
  readonly canceledJobs: number;
  readonly deletedJobs: number;
  /** Creates with a key that were repeated after a refusal or silence. */
  readonly repeatedCreates: number;
  /** Of these, those where a refusal had named another id than the job has in the end. */
  readonly namedOtherwise: number;
}

/** Compares what clients were told with what API, store and Redis have. `reference`: each video's undisturbed result. */
export function auditRun(log: ClientLog, state: FinalState, reference: readonly unknown[]): Audit {
  const findings: Finding[] = [];
  const find = (kind: FindingKind, job: string | null, says: string): void => void findings.push({ kind, job, says });
  const listed = new Map(state.listed.map((job) => [job.id, job]));
  const creates = new Map(log.creates.map((create) => [create.token, create]));
  const jobs = new Map(log.jobs.map((job) => [job.id, job]));
  let equalResults = 0;

  for (const job of log.jobs) {
    const found = listed.get(job.id);
    for (const kind of job.deletion === 'no' && job.goneTold > 0 ? (['told-gone'] as const) : []) {
      find(kind, job.id, `${job.goneTold} times`);
    }
    if (job.endsTold.length > 1) find('ended-twice', job.id, `clients were told ${job.endsTold.join(' and ')}`);
    if (job.deletion === 'done') {
      if (found) find('undead', job.id, `is listed as ${found.status}`);
      else if (state.recorded.includes(job.id)) find('undead', job.id, 'has a record in Redis');
      continue;
    }
    if (!found) {
      if (job.deletion === 'no') find('lost', job.id, 'the API does not list it');
      continue;
    }
    const video = creates.get(job.token)?.video ?? -1;
    if (auditEnd(job, found, reference[video], find)) equalResults += 1;
  }
  for (const create of log.creates) auditCreate(create, state.listed, find);

  const untoldByCutConnection: string[] = [];
  for (const { id, token, status } of state.listed) {
    if (jobs.has(id)) continue;
    const create = token === null ? undefined : creates.get(token);
    const answers = create?.answers ?? [];
    // A refusal that named the job has told of it; what comes of it then is the client's choice.
    if (answers.some((answer) => answer.kind !== 'unanswered' && answer.id === id)) continue;
    if (answers.some(({ kind }) => kind === 'unanswered')) untoldByCutConnection.push(id);
    else find('untold', id, `${status}; its create was answered ${answers.map(printAnswer).join(', ') || 'never'}`);
  }
  auditLeftovers(log, state, listed, find);
  for (const says of state.unready) find('unready', null, says);
  return {
    findings,
    untoldByCutConnection,
    acceptedJobs: log.jobs.length,
    equalResults,
    canceledJobs: state.listed.filter(({ status }) => status === 'canceled').length,
    deletedJobs: log.jobs.filter(({ deletion }) => deletion === 'done').length,
    repeatedCreates: log.creates.filter(({ isKeyed, answers }) => isKeyed && answers.length > 1).length,
    namedOtherwise: log.creates.filter(wasNamedOtherwise).length,
  };
}

type Find = (kind: FindingKind, job: string | null, says: string) => void;

/** How one job that is still there ended; true when its result is the reference. */
function auditEnd(job: JobLog, found: ListedJob, reference: unknown, find: Find): boolean {
  const { id } = job;
  if (!isEnded(found.status)) {
    find('unended', id, `is ${found.status}`);
    return false;
  }
  if ((found.endEvents ?? 1) > 1) find('ended-twice', id, `${found.endEvents} events tell an end`);
  const [told] = job.endsTold;
  if (told !== undefined && job.endsTold.length === 1 && told !== found.status) {
    find('ended-twice', id, `clients were told ${told}, it is ${found.status}`);
  }
  if (found.status === 'failed') {
    find('failed', id, found.error ?? 'without an error');
    return false;
  }
  if (found.status === 'canceled') {
    if (job.cancel === 'no') find('failed', id, 'canceled, which nobody had asked for');
    return false;
  }
  // A cancel may come when the last stage has all it needs; then the job may still succeed.
  if (found.result === null) find('no-result', id, 'succeeded');
  else if (!isDeepStrictEqual(found.result, reference))
    find('other-result', id, firstDifference(reference, found.result));
  else return true;
  return false;
}

function auditCreate({ token, isKeyed, answers }: CreateLog, listed: readonly ListedJob[], find: Find): void {
  const made = listed.filter((job) => job.token === token).map(({ id }) => id);
  const accepted = answers.flatMap((answer) => (answer.kind === 'accepted' ? [answer.id] : []));
  const named = new Set([...made, ...accepted]);
  if (named.size > 1) find('doubled', made[0] ?? null, `${token}: ${[...named].join(', ')}`);
  const odd = answers.filter((answer) => answer.kind === 'refused' && !isExpected(answer));
  for (const answer of odd) find('refused', null, `${token}: ${printAnswer(answer)}`);
  if (isKeyed && accepted.length === 0 && !isLostUpload(answers.at(-1)))
    find('never-accepted', null, `${token}: ${answers.map(printAnswer).join(', ')}`);
}

function wasNamedOtherwise({ isKeyed, answers }: CreateLog): boolean {
  const made = answers.find(({ kind }) => kind === 'accepted');
  return (
    isKeyed &&
    made?.kind === 'accepted' &&
    answers.some((answer) => answer.kind === 'refused' && answer.id !== null && answer.id !== made.id)
  );
}

const isLostUpload = (answer: CreateAnswer | undefined): boolean =>
  answer?.kind === 'refused' && answer.code === 'upload_expired';

/** In flight, too many, or something is away: the client comes again. A lost upload: it sends its file again, as another request. */
function isExpected(answer: CreateAnswer & { kind: 'refused' }): boolean {
  return [409, 429, 503].includes(answer.status) || isLostUpload(answer);
}

function auditLeftovers(log: ClientLog, state: FinalState, listed: ReadonlyMap<string, ListedJob>, find: Find): void {
  const deleted = new Set(log.jobs.filter(({ deletion }) => deletion !== 'no').map(({ id }) => id));
  const orphans = groupBy(state.objects, (key) => /^jobs\/([^/]+)\//.exec(key)?.[1] ?? '');
  for (const [id, keys] of orphans) {
    if (id === '' || listed.has(id)) continue;
    find(
      'left-object',
      id,
      `${deleted.has(id) ? 'deleted: ' : ''}${keys.slice(0, 3).join(', ')}; ${keys.length} in all`,
    );
  }
  for (const id of state.recorded) {
    const isDeleted = log.jobs.some((job) => job.id === id && job.deletion === 'done');
    if (!listed.has(id) && !isDeleted) find('left-record', id, 'is not listed');
  }
  const entries = groupBy(state.entries, (entry) => entry.split('.')[0] ?? '');
  for (const [id, ids] of entries) {
    const status = listed.get(id)?.status;
    // Those of a job that has not ended are the finding `unended`.
    if (status !== undefined && !isEnded(status)) continue;
    find('left-entry', id, `${ids.slice(0, 3).join(', ')}; ${ids.length} in all`);
  }
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function printAnswer(answer: CreateLog['answers'][number]): string {
  if (answer.kind === 'accepted') return `202 ${answer.id}`;
  return answer.kind === 'refused' ? `${answer.status} ${answer.code} (${answer.detail})` : `no answer (${answer.why})`;
}

/** Where two JSON values part, as a path, with both values. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): string {
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (isDeepStrictEqual(expected[key], actual[key])) continue;
      return firstDifference(expected[key], actual[key], `${path}/${key}`);
    }
  }
  const print = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
  return `${path || '/'}: ${print(expected)} was expected, ${print(actual)} is there`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
