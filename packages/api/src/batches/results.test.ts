import { connect } from 'node:net';
import { writePart } from '@styleflow/batches';
import { itemJobId, mintBatchId, printResultCursor } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { URL_SOURCE } from '../test-jobs.js';
import { ANNA, type BatchFixture, lines, MANIFEST, useBatches } from './test-batches.js';

let server: BatchFixture['server'];
let at: BatchFixture['at'];
let post: BatchFixture['post'];
let get: BatchFixture['get'];
let runningBatch: BatchFixture['runningBatch'];
let endItem: BatchFixture['endItem'];
useBatches((fixture) => {
  ({ server, at, post, get, runningBatch, endItem } = fixture);
});

describe('results', () => {
  it('come in the order of the manifest up to the first unfinished item, and go on from the cursor', async () => {
    const id = await runningBatch(15, 10);
    await endItem(id, 11);
    const first = await get(`/${id}/results`);
    const rows = lines(first.body);
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows[0]).toEqual({
      ...{ index: 0, id: 'item 0', source: URL_SOURCE.url, status: 'succeeded', verdict_label: 'fake', score: 0.75 },
      ...{ threshold: 0.2, reason: null, error_code: null, faces: 1, clips: 3, truth_label: 'fake', group: null },
      ...{ job: itemJobId(id, 0), metadata: { shelf: 0 } },
    });
    expect(rows[9]).toMatchObject({ status: 'failed', error_code: 'media_corrupt', score: null });
    const cursor = first.headers.get('styleflow-next-cursor') ?? '';
    await endItem(id, 10);
    const second = await get(`/${id}/results?cursor=${cursor}`);
    expect(lines(second.body).map(({ index }) => index)).toEqual([10, 11]);
    for (const item of [12, 13, 14]) await endItem(id, item);
    const last = await get(`/${id}/results?cursor=${second.headers.get('styleflow-next-cursor')}`);
    expect([lines(last.body).length, last.headers.get('styleflow-next-cursor')]).toEqual([3, null]);
  });

  it('come as CSV by Accept or format, with one header over all pages, and for spreadsheets without formulas', async () => {
    const id = await runningBatch(3, 2);
    const plain = await get(`/${id}/results`, { ...ANNA, Accept: 'text/csv' });
    expect(plain.headers.get('content-type')).toContain('text/csv');
    const [header, , second] = plain.body.split('\r\n');
    expect(header).toBe(
      'id,source,status,verdict_label,score,threshold,reason,error_code,faces,clips,truth_label,group,job',
    );
    expect(second).toBe(`=b,${URL_SOURCE.url},succeeded,fake,0.75,0.2,,,1,3,fake,,${itemJobId(id, 1)}`);
    await endItem(id, 2);
    const rest = await get(`/${id}/results?format=csv&cursor=${plain.headers.get('styleflow-next-cursor')}`);
    expect(rest.body).toMatch(/^item 2,/);
    const raw = await fetch(at(`/${id}/results?format=csv&excel=true`), { headers: ANNA });
    const bytes = Buffer.from(await raw.arrayBuffer());
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes.toString()).toContain(`\r\n'=b,`);
  });

  it('are told apart from those that a cursor cannot mean', async () => {
    const id = await runningBatch(2, 2);
    const ask = (cursor: string) => get(`/${id}/results?cursor=${cursor}`);
    expect(await ask('x')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const foreign = printResultCursor({ batch: mintBatchId(), round: 1, index: 0 });
    expect((await ask(foreign)).body.detail).toContain('belongs to');
    expect((await ask(printResultCursor({ batch: id, round: 1, index: 3 }))).status).toBe(400);
    expect((await get(`/${id}/results?excel=true`)).status).toBe(400);
  });

  it('of an earlier round have an expired cursor', async () => {
    const id = await runningBatch(10, 10);
    expect((await call(at(`/${id}/retry`), { method: 'POST', headers: ANNA })).status).toBe(202);
    const old = printResultCursor({ batch: id, round: 1, index: 5 });
    expect(await get(`/${id}/results?cursor=${old}`)).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect((await call(at(`/${id}/retry`), { method: 'POST', headers: ANNA })).status).toBe(409);
  });

  it('are followed until the last item has ended', async () => {
    const id = await runningBatch(3, 1);
    const response = await fetch(at(`/${id}/results?follow=true`), { headers: ANNA });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })();
    await until('the first has come', () => lines(text).length === 1);
    await endItem(id, 1);
    await until('the second has come', () => lines(text).length === 2);
    await endItem(id, 2);
    await reading;
    expect(lines(text).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('are gone while their batch is deleted, and not there afterwards', async () => {
    const id = await runningBatch(2, 2);
    expect((await call(at(`/${id}`), { method: 'DELETE', headers: ANNA })).status).toBe(204);
    for (const path of ['', '/results', '/errors']) expect(await get(`/${id}${path}`)).toMatchObject({ status: 410 });
    expect((await get('')).body.batches.map((batch: { id: string }) => batch.id)).not.toContain(id);
    await server.batches.forget(id, 1);
    expect((await get(`/${id}/results`)).status).toBe(404);
  });

  it('are not held for a reader who does not read', async () => {
    const id = await runningBatch(100, 100);
    const long = 'x'.repeat(60_000);
    const items = Array.from({ length: 100 }, (_, index) => ({
      ...{
        index,
        line: index + 2,
        id: `item ${index}`,
        source: URL_SOURCE,
        options: {},
        labels: {},
        metadata: { long },
      },
    }));
    await writePart(server.store, id, 'items', 0, items);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /v1/batches/${id}/results HTTP/1.1\r\nHost: a\r\nAuthorization: ${ANNA.Authorization}\r\n\r\n`);
    socket.pause();
    const whole = await get(`/${id}/results`);
    expect(lines(whole.body)).toHaveLength(100);
    // 6 MB are to be read; the kernel takes a few, and nothing is written beyond what it takes.
    expect(socket.bytesRead).toBeLessThan(1_000_000);
    socket.destroy();
  });
});

describe('the error file', () => {
  it('has faults of the manifest first, then the items that failed', async () => {
    const id = await runningBatch(20, 20);
    expect((await get(`/${id}`)).body).toMatchObject({
      status: 'ended',
      errors: { media_corrupt: 2 },
      links: { retry: expect.any(String) },
    });
    const rows = lines((await get(`/${id}/errors`)).body);
    expect(rows).toMatchObject([
      { kind: 'item', id: 'item 9', error_code: 'media_corrupt', line: 11, job: itemJobId(id, 9) },
      { kind: 'item', id: 'item 19' },
    ]);
    const refused = (await post(MANIFEST)).body.id;
    await writePart(server.store, refused, 'faults', 0, [{ line: 3, column: 'source', message: 'missing' }]);
    await server.batches.noteRead(refused, { rowsRead: 2, faults: 1 });
    await server.batches.refuse(refused);
    expect(lines((await get(`/${refused}/errors`)).body)).toMatchObject([
      { kind: 'fault', line: 3, message: 'missing' },
    ]);
    expect((await get(`/${refused}`)).body).toMatchObject({
      status: 'refused',
      faults: { count: 1, listed: [{ line: 3 }] },
    });
  });
});
