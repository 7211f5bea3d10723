import type { IncomingMessage, ServerResponse } from 'node:http';
import { BatchSchema, mintBatchId } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { StyleFlowClient } from './index.js';

const ID = mintBatchId();
const AT = '2026-01-02T03:04:05.678Z';
const COUNTS = { total: 3, queued: 0, preparing: 0, scoring: 0, succeeded: 3, failed: 0, canceled: 0 };
const BATCH = BatchSchema.parse({
  ...{ id: ID, status: 'running', cancelRequested: false, round: 2, rowsRead: 3, counts: COUNTS, admitted: 3 },
  ...{ errors: {}, faults: { count: 0, listed: [] }, throughput: { itemsPerHour: null }, eta: null, options: {} },
  ...{ skipInvalid: false, createdAt: AT, startedAt: AT, finishedAt: null, links: {} },
});
const row = (index: number) => ({
  ...{ index, id: `v${index}`, source: 'https://videos.example.org/a.mp4', status: 'succeeded', verdict_label: 'real' },
  ...{ score: 0.1, threshold: 0.2, reason: null, error_code: null, faces: 1, clips: 3, truth_label: null, group: null },
  job: null,
});
const UPLOAD = (host: string) => ({
  ...{
    uploadId: 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
    url: `http://${host}/put`,
    method: 'PUT',
    headers: {},
    expiresAt: AT,
  },
});
const lines = (...rows: object[]): string => rows.map((each) => `${JSON.stringify(each)}\n`).join('');

const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Answer = (response: ServerResponse) => void;

/** A server that answers by the call, and notes what it was asked. */
async function answering(
  answers: Readonly<Record<string, Answer | Answer[]>>,
): Promise<{ client: StyleFlowClient; seen: Seen[]; url: string }> {
  const seen: Seen[] = [];
  const server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    const answer = answers[`${request.method} ${request.url?.split('?')[0]}`];
    const turn = Array.isArray(answer) ? (answer.shift() ?? answer.at(-1)) : answer;
    if (turn === undefined) response.writeHead(500).end('nobody expected this call');
    else turn(response);
  });
  servers.push(server);
  return { client: new StyleFlowClient({ api: server.url }), seen, url: server.url };
}

const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
const ndjson =
  (text: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(200, { 'Content-Type': 'application/x-ndjson', ...headers }).end(text);
const brokenOff =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    response.write(text, () => response.destroy());
  };

describe('a batch is created', () => {
  it('of rows that come one after the other, as NDJSON with options, and with a key of its own', async () => {
    const { client, seen } = await answering({ 'POST /v1/batches': json(BATCH, 202) });
    async function* items() {
      yield { source: 'https://videos.example.org/a.mp4', id: 'a', shelf: 7 };
      yield { source: 's3://films/b.mp4' };
    }
    expect(await client.batches.create({ items: items() }, { options: { maxFrames: 64 }, skipInvalid: true })).toEqual(
      BATCH,
    );
    expect(seen[0]?.line).toBe('POST /v1/batches?skipInvalid=true&options=%7B%22maxFrames%22%3A64%7D');
    expect(seen[0]?.headers).toMatchObject({ 'content-type': 'application/x-ndjson' });
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(seen[0]?.body).toBe(
      lines({ source: 'https://videos.example.org/a.mp4', id: 'a', shelf: 7 }, { source: 's3://films/b.mp4' }),
    );
  });

  it('of CSV as it is, and of an upload by its id', async () => {
    const { client, seen } = await answering({ 'POST /v1/batches': json(BATCH, 202) });
    await client.batches.create({ csv: 'source\nhttps://videos.example.org/a.mp4\n' });
    await client.batches.create(
      { uploadId: 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D' },
      { skipInvalid: true, idempotencyKey: 'k' },
    );
    expect(seen[0]).toMatchObject({
      body: 'source\nhttps://videos.example.org/a.mp4\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(seen[1]?.headers['idempotency-key']).toBe('k');
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
      manifest: { uploadId: 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D' },
      skipInvalid: true,
    });
  });

  it('with a webhook: in the query what anybody may see, and a secret in a body alone', async () => {
    const { client, seen } = await answering({
      'POST /v1/batches': json(BATCH, 202),
      'POST /v1/uploads': (response) => json(UPLOAD(seen[1]?.headers.host ?? ''), 201)(response),
      'PUT /put': (response) => void response.end(),
    });
    const csv = 'source\nhttps://videos.example.org/a.mp4\n';
    await client.batches.create({ csv }, { webhook: { url: 'https://example.org/hook' } });
    expect(seen[0]?.line).toBe('POST /v1/batches?webhookUrl=https%3A%2F%2Fexample.org%2Fhook');
    const webhook = { url: 'https://example.org/hook?token=t', secret: `whsec_${'a'.repeat(32)}` };
    await client.batches.create({ csv }, { webhook, options: { priority: 9 } });
    expect(seen.slice(1).map(({ line }) => line)).toEqual(['POST /v1/uploads', 'PUT /put', 'POST /v1/batches']);
    expect(seen[2]?.body).toBe(csv);
    expect(JSON.parse(seen[3]?.body ?? '')).toEqual({
      manifest: { uploadId: 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D' },
      options: { priority: 9 },
      webhook,
    });
  });

  it('or only judged', async () => {
    const answer = {
      accepted: false,
      items: 0,
      faults: { count: 1, listed: [{ line: 2, column: 'source', message: 'missing' }] },
      estimate: null,
    };
    const { client, seen } = await answering({ 'POST /v1/batches': json(answer) });
    expect(await client.batches.dryRun({ csv: 'source\n' })).toEqual(answer);
    expect(seen[0]?.line).toBe('POST /v1/batches?dryRun=true');
    await expect(client.batches.create({ csv: 'source\n' })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('results', () => {
  const RESULTS = `GET /v1/batches/${ID}/results`;

  it('are read row by row', async () => {
    const { client, seen } = await answering({ [RESULTS]: ndjson(lines(row(0), row(1))) });
    const ids = [];
    for await (const { id } of client.batches.results(ID)) ids.push(id);
    expect(ids).toEqual(['v0', 'v1']);
    expect(seen[0]?.line).toBe(`${RESULTS}?format=ndjson`);
  });

  it('go on behind the last whole row after a connection that broke off, each row once', async () => {
    const { client, seen } = await answering({
      [RESULTS]: [brokenOff(`${lines(row(0), row(1))}{"index":2,"id`), ndjson(lines(row(2)))],
      [`GET /v1/batches/${ID}`]: json(BATCH),
    });
    const ids = [];
    for await (const { id } of client.batches.results(ID, { follow: true })) ids.push(id);
    expect(ids).toEqual(['v0', 'v1', 'v2']);
    expect(seen.map(({ line }) => line)).toEqual([
      `${RESULTS}?format=ndjson&follow=true`,
      `GET /v1/batches/${ID}`,
      `${RESULTS}?format=ndjson&cursor=${ID}.2.2&follow=true`,
    ]);
  });

  it('do not go on after what no repetition helps', async () => {
    const problem = { type: 'about:blank', title: 'Gone', status: 410, detail: 'It was deleted.', code: 'gone' };
    const { client, seen } = await answering({
      [RESULTS]: (response) =>
        void response.writeHead(410, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem)),
    });
    const read = async (): Promise<void> => {
      for await (const _ of client.batches.results(ID, { follow: true }));
    };
    await expect(read()).rejects.toMatchObject({ code: 'gone' });
    expect(seen).toHaveLength(1);
  });

  it('say as a file where to go on', async () => {
    const { client } = await answering({ [RESULTS]: ndjson('id\r\n', { 'Styleflow-Next-Cursor': `${ID}.2.0` }) });
    const { bytes, nextCursor } = await client.batches.exportResults(ID, { format: 'csv' });
    expect(nextCursor).toBe(`${ID}.2.0`);
    expect(await new Response(bytes).text()).toBe('id\r\n');
  });
});

it('what its webhook was told is read, and sent again', async () => {
  const delivery = {
    ...{ n: 1, id: `${ID}_1_batch_ended`, event: 'batch.ended', run: 1, at: AT, url: 'https://example.org/hook' },
    ...{ status: 'delivered', attemptsMade: 1, nextAttemptAt: null, attempts: [] },
  };
  const { client } = await answering({
    [`GET /v1/batches/${ID}/deliveries`]: json({ deliveries: [delivery] }),
    [`POST /v1/batches/${ID}/deliveries/1/redeliver`]: json({ ...delivery, status: 'pending' }, 202),
  });
  expect((await client.batches.deliveries(ID)).map(({ status }) => status)).toEqual(['delivered']);
  expect((await client.batches.redeliver(ID, 1)).status).toBe('pending');
});

it('lists go over all pages, each fetched when it is needed', async () => {
  const page = (id: string, nextCursor: string | null) =>
    json({ batches: [{ ...BATCH, rowsRead: Number(id) }], nextCursor });
  const { client, seen } = await answering({ 'GET /v1/batches': [page('1', 'c1'), page('2', 'c2'), page('3', null)] });
  const rows = [];
  for await (const { rowsRead } of client.batches.list({ limit: 1 })) {
    rows.push(rowsRead);
    if (rowsRead === 2) break;
  }
  expect(rows).toEqual([1, 2]);
  expect(seen.map(({ line }) => line)).toEqual(['GET /v1/batches?limit=1', 'GET /v1/batches?limit=1&cursor=c1']);
});
