import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { fail, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ heartbeatMs: 100 });
});
afterAll(() => server.stop());

interface Seen {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function parseEvents(text: string): Seen[] {
  return text
    .split('\n\n')
    .filter((block) => !block.startsWith(':') && block !== '')
    .map((block) => {
      const [, id = '', event = '', data = ''] = /^(?:id: (.*)\n)?event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return { id, event, data: JSON.parse(data) };
    });
}

const follow = (id: string, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> =>
  fetch(`${server.url}/v1/jobs/${id}/events`, { headers, ...(signal === undefined ? {} : { signal }) });

/** Reads a body piece by piece, up to a word or to the end. */
function textReader({ body }: Response): { until(word: string): Promise<string>; rest(): Promise<string> } {
  if (body === null) throw new Error('there is no body');
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const readWhile = async (wanted: (text: string) => boolean): Promise<string> => {
    let text = '';
    while (wanted(text)) {
      const { done, value } = await reader.read();
      if (done) return text;
      text += value;
    }
    return text;
  };
  return { until: (word) => readWhile((text) => !text.includes(word)), rest: () => readWhile(() => true) };
}

describe('the events of a job', () => {
  it('come as they happen and end with the job', async () => {
    const id = await submit(server);
    const stream = await follow(id);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = textReader(stream);
    const standing = await reader.until('"queued"');
    const run = { job: id, run: 1 };
    await server.records.beginPrepare(run);
    await server.records.reportProgress(run, { framesDecoded: 20, framesTotal: 40, clipsPlanned: 1 });
    await succeed(server, id);
    const events = parseEvents(standing + (await reader.rest()));
    expect(events.map(({ event, data }) => data.status ?? event)).toEqual([
      'queued',
      'preparing',
      'progress',
      'preparing',
      'succeeded',
      'result',
    ]);
    expect(events.find(({ event }) => event === 'progress')?.data).toMatchObject({
      framesDecoded: 20,
      framesTotal: 40,
    });
    expect(events.at(-1)?.data.verdict).toMatchObject({ label: 'fake' });
    for (const { event, data } of events) if (event === 'status') expect(data.at).toMatch(/^\d{4}-.*\.\d{3}Z$/);
  });

  it('are resumed after the last one that was seen', async () => {
    const id = await submit(server);
    await fail(server, id, 'media_corrupt');
    const all = parseEvents(await (await follow(id)).text());
    expect(all.map(({ data }) => data.status)).toEqual(['preparing', 'failed']);
    const rest = parseEvents(await (await follow(id, { 'Last-Event-ID': all[0]?.id ?? '' })).text());
    expect(rest).toEqual(all.slice(1));
    const nothing = await follow(id, { 'Last-Event-ID': all.at(-1)?.id ?? '' });
    expect(nothing.status).toBe(204);
  });

  it('keep an idle connection open with comments, and let go of a client that leaves', async () => {
    const id = await submit(server);
    const gone = new AbortController();
    const stream = await follow(id, {}, gone.signal);
    await textReader(stream).until(': still here');
    gone.abort();
    await until('nobody waits', () => server.changes.waiters === 0);
  });

  it('are not there for an unknown job', async () => {
    expect(await call(`${server.url}/v1/jobs/job_1/events`)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });
});
