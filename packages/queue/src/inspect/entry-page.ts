import { type EntryState, JobError } from '@styleflow/contracts';
import { z } from 'zod';
import type { RedisClient } from '../redis/connection.js';
import { readScript, runScript } from '../redis/redis-script.js';

/**
 * The keys under which BullMQ keeps the entries of a state, in the order in which an operator reads them. `tail` is a
 * list whose next entry is the last one.
 */
const PARTS: Readonly<Record<EntryState, readonly (readonly [name: string, order: 'tail' | 'asc' | 'desc'])[]>> = {
  waiting: [
    ['wait', 'tail'],
    ['prioritized', 'asc'],
  ],
  active: [['active', 'tail']],
  delayed: [['delayed', 'asc']],
  'waiting-children': [['waiting-children', 'asc']],
  failed: [['failed', 'desc']],
  completed: [['completed', 'desc']],
};

/** The fields that lists show. The payload is not among them. */
const FIELDS = ['timestamp', 'processedOn', 'finishedOn', 'atm', 'ats', 'stc', 'failedReason', 'priority', 'pb'];

const pageScript = readScript('inspect/entries');

/** The fields of an entry's hash from which its facts are made. Missing fields are absent. */
export type EntryFields = Readonly<Record<string, string>>;

/** An entry as it lies in Redis. */
export interface RawEntry {
  readonly id: string;
  /** Milliseconds until its lock ends; negative when no worker holds it. */
  readonly lockMs: number;
  /** Position in the part of the state: a score, or a place in a list. */
  readonly position: number;
  readonly fields: EntryFields;
}

const PageSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.array(z.string().nullable())]));

/** BullMQ allows no colon in an id. */
const CURSOR = /^([a-z-]+):([\d.e+]{1,30}):([^:]{1,300})$/;

/**
 * Reads one page.
 * @param prefix of the queue's keys
 * @returns the entries, and where the next page begins (null at the end).
 * @throws JobError `invalid_request` for a cursor of another list
 */
export async function readEntryPage(
  client: RedisClient,
  prefix: string,
  { state, limit, cursor = '' }: { state: EntryState; limit: number; cursor?: string | undefined },
): Promise<{ entries: RawEntry[]; nextCursor: string | null }> {
  const parts = PARTS[state];
  const [, part = '', position = '', id = ''] = CURSOR.exec(cursor) ?? [];
  if (cursor !== '' && !parts.some(([name]) => name === part)) {
    throw new JobError('invalid_request', 'cursor: not one of this list.');
  }
  const page = PageSchema.parse(
    await runScript(
      client,
      pageScript,
      [prefix],
      [limit, part, position, id, FIELDS.length, ...FIELDS, ...parts.flat()],
    ),
  );
  const last = page.at(-1);
  return {
    entries: page.map(([, at, entryId, lockMs, values]) => ({
      id: entryId,
      lockMs,
      position: Number(at),
      fields: Object.fromEntries(FIELDS.flatMap((name, index) => pair(name, values[index]))),
    })),
    nextCursor: last === undefined || page.length < limit ? null : last.slice(0, 3).join(':'),
  };
}

const pair = (name: string, value: string | null | undefined): [string, string][] => (value ? [[name, value]] : []);
