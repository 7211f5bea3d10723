import { once } from 'node:events';
import { isEnded, type JobId } from '@styleflow/contracts';
import type { JobEvent, JobRecord } from '@styleflow/queue';
import { type Response, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { releaseSignal } from '../http/release-signal.js';
import { loadJob } from '../jobs/load-job.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** An id smaller than every id of a Redis stream. */
const FROM_THE_BEGINNING = '0-0';

/**
 * Server-sent events of one job: `status`, `progress`, `result`. The stream ends after the event that ended the job.
 */
export function eventRoutes(ports: ApiPorts): Router {
  const router = Router();
  const route = router.route('/v1/jobs/:id/events');
  route.get(async (request, response) => {
    const { id, status } = await loadJob(ports.records, request.params.id, callerOf(response));
    const lastId = request.get('Last-Event-ID') ?? '';
    const isOver = isEnded(status) && lastId !== '' && (await ports.records.eventsAfter(id, lastId)).length === 0;
    if (isOver || request.method === 'HEAD') {
      // On 204 a browser's EventSource does not come back.
      response.status(isOver ? 204 : 200).end();
      return;
    }
    response.status(200).set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // Proxies must not collect the answer, which would hold the events back.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    await streamEvents(ports, id, lastId, response);
    response.end();
  });
  allowMethods(route, 'GET');
  return router;
}

async function streamEvents(ports: ApiPorts, id: JobId, lastId: string, response: Response): Promise<void> {
  const { records, changes, settings, stopping } = ports;
  const signal = releaseSignal(response, stopping);
  let after = lastId;
  while (!signal.aborted) {
    // Subscribes, reads, then waits. A change between reading and waiting has already ended the wait.
    const enough = new AbortController();
    const change = changes.waitForChange(id, settings.heartbeatMs, AbortSignal.any([signal, enough.signal]));
    change.catch(() => undefined);
    try {
      const record = await records.read(id);
      const events = await records.eventsAfter(id, after);
      // A job that has not begun, or whose events are forgotten, has no events. The present status is sent instead.
      if (events.length === 0 && after === '' && record !== null) await write(response, printStanding(record), signal);
      for (const event of events) await write(response, printEvent(event), signal);
      after = events.at(-1)?.id ?? (after || FROM_THE_BEGINNING);
      if (record === null || isEnded(record.status)) return;
      if ((await change) === null && !signal.aborted) await write(response, ': still here\n\n', signal);
    } finally {
      enough.abort();
    }
  }
}

function printEvent({ id, type, data }: JobEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(publicData(data))}\n\n`;
}

/** A status event without an id of its own. A client that resumes after it begins at the beginning. */
function printStanding({
  status,
  run,
  attempts,
  cancelRequested,
  error,
  finishedAt,
  startedAt,
  createdAt,
}: JobRecord): string {
  const at = finishedAt ?? startedAt ?? createdAt;
  const data = { status, run, attempts, cancelRequested, at, ...(error === undefined ? {} : { error }) };
  return `event: status\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The fields of an event for clients. Records keep times in milliseconds; the contract's times are ISO 8601. */
function publicData(data: JobEvent['data']): object {
  if ('at' in data && typeof data.at === 'number') return { ...data, at: new Date(data.at).toISOString() };
  return data;
}

/** Writes, and waits for a slow reader, so that events do not pile up in memory. */
async function write(response: Response, text: string, signal: AbortSignal): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  await once(response, 'drain', { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
