import { type BatchId, isJobId, itemIndexOf } from '@styleflow/contracts';
import type { RedisRemains } from './read-redis.js';

/** What is there of a batch when all has calmed down. */
export interface Remains {
  readonly redis: RedisRemains;
  /** Every key of the object store. */
  readonly objects: readonly string[];
}

export interface RemainsFinding {
  readonly kind: RemainsFindingKind;
  readonly says: string;
}

const REMAINS_FINDING_KINDS = {
  'left-entry': 'queue entries of a job that has ended stay',
  'left-window': 'Redis holds open rows or unfinished items of a batch that is over',
  'left-record': 'Redis holds the record of an item that is over, after the sweep',
  'left-key': 'Redis has keys of a job or batch that nobody needs any more',
  'left-turn': 'a list of turns still names an entry that is gone',
  'lost-record': 'the store has no record of an item',
  'lost-result': 'the store has no result of an item that succeeded',
  'doubled-job': 'a job is there that nobody submitted',
  'doubled-run': 'an item ran more than once',
  'left-object': 'objects stay that nobody needs any more',
} as const;
export type RemainsFindingKind = keyof typeof REMAINS_FINDING_KINDS;

export interface ExpectedRemains {
  readonly batch: BatchId;
  /** Items that became jobs: those before this one. */
  readonly admitted: number;
  /** Whether the item's job has a result. */
  readonly hasResult: (index: number) => boolean;
  /** Other jobs of the run, whose records may still be in Redis. */
  readonly others: ReadonlySet<string>;
}

/** Compares Redis and the store with what a batch that is over may keep: a record and a result an item, its parts, its own few keys. */
export function auditRemains({ redis, objects }: Remains, expected: ExpectedRemains): RemainsFinding[] {
  const { batch, admitted, hasResult, others } = expected;
  const findings: RemainsFinding[] = [];
  const find = (kind: RemainsFindingKind, says: string): void => void findings.push({ kind, says });
  /** Null for another job than the batch's. */
  const itemOf = (job: string): number | null => itemIndexOf(batch, job);

  for (const entry of redis.entries) find('left-entry', entry);
  for (const key of redis.batchKeys) if (key.includes('/rows/')) find('left-window', key);
  for (const job of redis.unfinished) find('left-window', `${job} is listed as unfinished`);
  for (const job of redis.records) {
    if (itemOf(job) !== null) find('left-record', job);
    else if (!others.has(job)) find('doubled-job', `${job} has a record`);
  }
  for (const job of redis.archived) {
    const item = itemOf(job);
    if (item === null ? !others.has(job) : item >= admitted) find('doubled-job', `${job} is archived`);
  }
  for (const key of redis.otherKeys) {
    const job = /job_\w{26}/.exec(key)?.[0];
    if (job !== undefined && others.has(job)) continue;
    // The indexes of a batch by status: they list the items that have ended.
    if (job === undefined && key.includes(`/jobs/batch/${batch}/`)) continue;
    find('left-key', key);
  }

  const names = new Map<number, Set<string>>();
  for (const key of objects) {
    const [, job = '', name = ''] = /^jobs\/([^/]+)\/(.+)$/.exec(key) ?? [];
    if (job === '') continue;
    const item = isJobId(job) ? itemOf(job) : null;
    if (item === null) {
      if (!others.has(job)) find('doubled-job', key);
      continue;
    }
    if (item >= admitted) find('doubled-job', `${key}: item ${item} was never admitted`);
    if (/^runs\/(?!1\/)/.test(name)) find('doubled-run', key);
    if (/\/clips\//.test(name)) find('left-object', key);
    names.set(item, (names.get(item) ?? new Set()).add(name));
  }
  for (let item = 0; item < admitted; item += 1) {
    const own = names.get(item);
    if (own?.has('runs/1/record.json') !== true) find('lost-record', `item ${item}`);
    if (hasResult(item) && own?.has('result.json') !== true) find('lost-result', `item ${item}`);
  }
  for (const key of objects) {
    if (/^(uploads|tombstones)\//.test(key) || /^batches\/[^/]+\/(uploads|manifest)/.test(key))
      find('left-object', key);
  }
  return findings;
}

/** A batch that was deleted leaves nothing of itself or its jobs, in Redis or in the store. */
export function auditNothingLeft({ redis, objects }: Remains, batch: BatchId): RemainsFinding[] {
  const isOwn = (text: string): boolean => {
    const job = /job_\w{26}/.exec(text)?.[0];
    return text.includes(batch) || (job !== undefined && itemIndexOf(batch, job) !== null);
  };
  const { entries, records, archived, batchKeys, unfinished, turns, otherKeys } = redis;
  return [
    ...entries.filter(isOwn).map((says) => ({ kind: 'left-entry' as const, says })),
    ...[...records, ...archived, ...batchKeys, ...unfinished, ...otherKeys]
      .filter(isOwn)
      .map((says) => ({ kind: 'left-key' as const, says })),
    ...turns.filter(isOwn).map((says) => ({ kind: 'left-turn' as const, says })),
    ...objects.filter(isOwn).map((says) => ({ kind: 'left-object' as const, says })),
  ];
}
