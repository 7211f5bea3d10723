import type { JobId } from '@styleflow/contracts';
import type { JobEvent } from '../ports/job-record.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';

const EVENT_ID = /^\d{1,15}-\d{1,15}$/;

/** The events of a job after the given one, oldest first; all that are kept for an invalid id. */
export async function readEvents(client: RedisClient, id: JobId, afterEventId: string): Promise<JobEvent[]> {
  const from = EVENT_ID.test(afterEventId) ? `(${afterEventId}` : '-';
  const entries = await reachRedis(client, () => client.xrange(recordKeys.events(id), from, '+'));
  return entries.flatMap(([eventId, fields]) => parseEvent(eventId, fields) ?? []);
}

const EVENT_TYPES: readonly string[] = ['status', 'progress', 'result'] satisfies JobEvent['type'][];

function isEventType(text: string | undefined): text is JobEvent['type'] {
  return text !== undefined && EVENT_TYPES.includes(text);
}

/** Parses one event. `fields` are: type, T, data, JSON. */
function parseEvent(id: string, [, type, , data]: readonly string[]): JobEvent | null {
  if (!isEventType(type) || data === undefined) return null;
  return { id, type, data: JSON.parse(data) as JobEvent['data'] };
}
