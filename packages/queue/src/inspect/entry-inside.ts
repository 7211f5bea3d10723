import { type EntryInside, type EntryState, JOB_CATALOG, parseEntryId, parseJobError } from '@styleflow/contracts';
import type { JobState, Queue } from 'bullmq';
import { z } from 'zod';
import { parseAttemptFailure } from '../bullmq/attempt-failure.js';
import { parseEntryKey } from '../bullmq/entries.js';
import { readWaited } from '../bullmq/waited.js';
import type { RedisClient } from '../redis/connection.js';
import { entryFacts } from './entry-facts.js';

/** Most children that are listed; a job may have thousands of clips. */
const MAX_CHILDREN = 100;
/** Most characters that are shown of a payload that is not JSON. The product's payloads are under 10 kB. */
const MAX_FOREIGN_TEXT = 20_000;

/** The product's states by BullMQ's, which has two kinds of waiting. */
const STATES: Readonly<Partial<Record<JobState | 'unknown', EntryState>>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'delayed',
  'waiting-children': 'waiting-children',
  failed: 'failed',
  completed: 'completed',
};

/** An id with a colon would lead to another kind of BullMQ's keys. */
export const isEntryId = (id: string): boolean => /^[^:]{1,300}$/.test(id);

/**
 * Everything about one entry; null when the queue does not hold it. An entry whose content is no JSON can be read, too.
 */
export async function readEntryInside(
  client: RedisClient,
  queue: Queue,
  id: string,
  now: number,
): Promise<EntryInside | null> {
  if (!isEntryId(id)) return null;
  const state = STATES[await queue.getJobState(id)];
  if (state === undefined) return null;
  const key = queue.toKey(id);
  const [fields, lockMs, score] = await Promise.all([
    client.hgetall(key),
    client.pttl(`${key}:lock`),
    client.zscore(queue.toKey('delayed'), id),
  ]);
  const payload = readPayload(id, fields.data);
  const facts = entryFacts(queue.name, state, { id, lockMs, position: Number(score ?? 0), fields }, now);
  return {
    ...facts,
    error: facts.error ?? readWait(payload.payload),
    ...payload,
    failures: readLines(fields.stacktrace).map(parseAttemptFailure),
    parent: fields.parentKey === undefined ? null : parseEntryKey(fields.parentKey),
    children: facts.stage === 'finish' ? await readChildren(client, key) : null,
  };
}

function readPayload(id: string, text: string | undefined): Pick<EntryInside, 'payload' | 'payloadProblem'> {
  let payload: unknown;
  try {
    payload = JSON.parse(text ?? '');
  } catch (error) {
    return { payload: text?.slice(0, MAX_FOREIGN_TEXT) ?? null, payloadProblem: `It is not JSON: ${String(error)}` };
  }
  const { stage } = parseEntryId(id) ?? {};
  if (stage === undefined) return { payload, payloadProblem: 'The entry was not made by this product.' };
  const parsed = JOB_CATALOG[stage].payload.safeParse(payload);
  return {
    payload: withoutSource(payload),
    payloadProblem: parsed.success ? null : z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' '),
  };
}

/** Version 1 of `prepare` held the source, with whatever secrets were in its address. */
function withoutSource(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('source' in payload)) return payload;
  const { source: _hidden, ...shown } = payload;
  return shown;
}

/** Why an entry waits that has not failed. */
function readWait(payload: unknown): EntryInside['error'] {
  const waited = readWaited(payload);
  if (waited === null) return null;
  const { code, message } = parseJobError(waited.reason);
  return { code, message };
}

function readLines(text: string | undefined): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text ?? '[]'));
  } catch {
    return [];
  }
}

const IN_ORDER = new Intl.Collator('en', { numeric: true });

async function readChildren(client: RedisClient, key: string): Promise<NonNullable<EntryInside['children']>> {
  const [open, completed, failed, [, openKeys], [, failedFlat], [, completedFlat]] = await Promise.all([
    client.scard(`${key}:dependencies`),
    client.hlen(`${key}:processed`),
    client.hlen(`${key}:failed`),
    client.sscan(`${key}:dependencies`, 0, 'COUNT', MAX_CHILDREN),
    client.hscan(`${key}:failed`, 0, 'COUNT', MAX_CHILDREN),
    client.hscan(`${key}:processed`, 0, 'COUNT', MAX_CHILDREN),
  ]);
  // Redis gives the children in any order. They are sorted, so that clips come by their numbers.
  const named = (keys: string[], outcome: 'open' | 'completed' | 'failed') =>
    keys.sort(IN_ORDER.compare).map((child) => ({ ...parseEntryKey(child), outcome }));
  const isName = (_text: string, index: number): boolean => index % 2 === 0;
  const entries = [
    ...named(failedFlat.filter(isName), 'failed'),
    ...named(openKeys, 'open'),
    ...named(completedFlat.filter(isName), 'completed'),
  ];
  return { open, completed, failed, entries: entries.slice(0, MAX_CHILDREN) };
}
