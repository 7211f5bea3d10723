import { type EntryState, JobError } from '@styleflow/contracts';
import { z } from 'zod';
import type { RedisClient } from './connection.js';
import { type RedisScript, runScript } from './redis-script.js';

/** Where BullMQ keeps the entries of a state, in the order in which an operator reads them. `tail`: a list whose next entry is its last. */
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

/** What lists need; the payload is not among them. */
const FIELDS = ['timestamp', 'processedOn', 'finishedOn', 'atm', 'ats', 'stc', 'failedReason', 'priority', 'pb'];

/**
 * One page of a state's entries. A cursor names an entry that was seen (part, position, id): the page goes on behind it. When it
 * has left the state meanwhile, a sorted part goes on at its score and `wait` at its front, which only ever moves on; `active` at
 * the same distance from its end.
 * KEYS[1]: prefix of the queue's keys. ARGV: how many, the cursor's part ('' for none), position and id, then name and order of
 * each part. Answers per entry: part, position, id, milliseconds of its lock, and FIELDS, which a foreign hand
 * may have made long.
 */
const pageScript: RedisScript = {
  name: 'entries',
  lua: `
local queue, limit, cursorPart, position, seen = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local page = {}
local function put(part, at, id)
  local key = queue .. id
  local fields = redis.call('HMGET', key, ${FIELDS.map((name) => `'${name}'`).join(', ')})
  for k, text in ipairs(fields) do fields[k] = text and string.sub(text, 1, 2000) end
  page[#page + 1] = { part, at, id, redis.call('PTTL', key .. ':lock'), fields }
end
local function behindCursor(part, order)
  local key = queue .. part
  if order == 'tail' then
    local index = redis.call('LPOS', key, seen, 'RANK', -1)
    if index then return redis.call('LLEN', key) - index end
    return part == 'active' and tonumber(position) + 1 or 0
  end
  local rank = redis.call(order == 'asc' and 'ZRANK' or 'ZREVRANK', key, seen)
  if rank then return rank + 1 end
  if order == 'asc' then return redis.call('ZCOUNT', key, '-inf', '(' .. position) end
  return redis.call('ZCOUNT', key, '(' .. position, '+inf')
end
local isReached = cursorPart == ''
for i = 5, #ARGV, 2 do
  local part, order = ARGV[i], ARGV[i + 1]
  local from = 0
  if not isReached and part == cursorPart then
    from, isReached = behindCursor(part, order), true
  end
  local room = limit - #page
  if isReached and room > 0 then
    if order == 'tail' then
      local ids = redis.call('LRANGE', queue .. part, -(from + room), -(from + 1))
      for k = #ids, 1, -1 do put(part, tostring(from + #ids - k), ids[k]) end
    else
      local range = { 'ZRANGE', queue .. part, from, from + room - 1, 'WITHSCORES' }
      if order == 'desc' then table.insert(range, 5, 'REV') end
      local flat = redis.call(unpack(range))
      for k = 1, #flat, 2 do put(part, flat[k + 1], flat[k]) end
    end
  end
end
return page
`,
};

/** The fields of an entry's hash that its facts are made of; one that it lacks is not there. */
export type EntryFields = Readonly<Record<string, string>>;

/** An entry as it lies in Redis. */
export interface RawEntry {
  readonly id: string;
  /** Milliseconds; negative when nobody holds it. */
  readonly lockMs: number;
  /** Of the part of the state: a score, or a place in a list. */
  readonly position: number;
  readonly fields: EntryFields;
}

const PageSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.number(), z.array(z.string().nullable())]));

/** BullMQ allows no colon in an id. */
const CURSOR = /^([a-z-]+):([\d.e+]{1,30}):([^:]{1,300})$/;

/**
 * One page, and where the next one begins (null at the end).
 * @param prefix of the queue's keys
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
    await runScript(client, pageScript, [prefix], [limit, part, position, id, ...parts.flat()]),
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
