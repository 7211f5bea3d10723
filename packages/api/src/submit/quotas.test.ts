import { connect, type Socket } from 'node:net';
import { until } from '@styleflow/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { parseKeyLimits } from '../auth/key-limits.js';
import type { ApiSettings } from '../ports/api-settings.js';
import { type Answer, call, postJson } from '../test-calls.js';
import { draftCount, sha256, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
afterEach(() => server.stop());

const KEYS = parseApiKeys(`anna:user:sha256:${sha256('anna-key')},bert:user:sha256:${sha256('bert-key')}`);
const ANNA = { Authorization: 'Bearer anna-key' };
const BERT = { Authorization: 'Bearer bert-key' };

async function start(settings: Partial<ApiSettings>): Promise<void> {
  server = await startTestServer({ keys: KEYS, ...settings });
}

function sendFilm(headers: Record<string, string>, film = 'the film'): Promise<Answer> {
  const form = new FormData();
  form.append('video', new Blob([film]), 'a.mp4');
  return call(`${server.url}/v1/jobs`, { method: 'POST', body: form, headers });
}

/** A form whose video comes a byte at a time, for ever; what it is answered. */
function drip(headers: Record<string, string>): { readonly answer: Promise<string>; stop(): void } {
  const socket: Socket = connect(server.port, '127.0.0.1');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `POST /v1/jobs HTTP/1.1\r\nHost: a\r\n${lines.join('')}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n` +
      '--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\nfilm',
  );
  const timer = setInterval(() => socket.write('f'), 100);
  const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  const stop = (): void => {
    clearInterval(timer);
    socket.destroy();
  };
  socket.on('error', stop);
  return { answer, stop };
}

describe('one key', () => {
  it('cannot take all upload slots, and takes none from others', async () => {
    await start({ maxUploads: 4, maxUploadsPerKey: 2 });
    const drips = [drip(ANNA), drip(ANNA)];
    await until('they are on their way', async () => (await draftCount(server)) === 2);
    const third = await sendFilm(ANNA);
    expect(third).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await sendFilm(BERT)).status).toBe(202);
    for (const { stop } of drips) stop();
  });

  it('has so many unfinished jobs at once, whatever way they come', async () => {
    await start({ quota: { unfinishedJobs: 1 } });
    const submit = (headers: Record<string, string>) =>
      postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE }, headers);
    const first = await submit(ANNA);
    expect(first.status).toBe(202);
    for (const answer of [await submit(ANNA), await sendFilm(ANNA)]) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    }
    expect((await submit(BERT)).status).toBe(202);
    await server.records.end({ job: first.body.id, run: 1 }, { status: 'canceled' });
    expect((await submit(ANNA)).status).toBe(202);
  });

  it('may have limits of its own, higher or lower than those of all', async () => {
    const keyLimits = parseKeyLimits('anna:jobs=0,openUploads=1;bert:bytes=5');
    await start({ quota: { unfinishedJobs: 1, openUploads: 2 }, keyLimits });
    const submit = (headers: Record<string, string>) =>
      postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE }, headers);
    expect([(await submit(ANNA)).status, (await submit(ANNA)).status]).toEqual([202, 202]);
    expect([(await submit(BERT)).status, (await submit(BERT)).status]).toEqual([202, 429]);
    const open = (headers: Record<string, string>) => postJson(`${server.url}/v1/uploads`, { bytes: 4 }, headers);
    expect([(await open(ANNA)).status, (await open(ANNA)).status]).toEqual([201, 429]);
    expect([(await open(BERT)).status, (await open(BERT)).status]).toEqual([201, 429]);
  });

  it('has so many open uploads', async () => {
    await start({ quota: { openUploads: 2 } });
    const open = (headers: Record<string, string>) => postJson(`${server.url}/v1/uploads`, { bytes: 4 }, headers);
    const first = await open(ANNA);
    expect([first.status, (await open(ANNA)).status, (await open(ANNA)).status]).toEqual([201, 201, 429]);
    expect((await open(BERT)).status).toBe(201);
    expect((await call(first.body.url, { method: 'PUT', body: 'film' })).status).toBe(200);
    const source = { type: 'upload', uploadId: first.body.uploadId };
    expect((await postJson(`${server.url}/v1/jobs`, { source }, ANNA)).status).toBe(202);
    expect((await open(ANNA)).status).toBe(201);
  });

  it('stores so many bytes: an upload counts at once, then as its job, until that is deleted', async () => {
    await start({ quota: { storedBytes: 10 } });
    const open = (bytes: number) => postJson(`${server.url}/v1/uploads`, { bytes }, ANNA);
    const upload = await open(6);
    expect([upload.status, (await open(5)).status]).toEqual([201, 429]);
    expect((await call(upload.body.url, { method: 'PUT', body: 'a film' })).status).toBe(200);
    const source = { type: 'upload', uploadId: upload.body.uploadId };
    const job = await postJson(`${server.url}/v1/jobs`, { source }, ANNA);
    expect(job.status).toBe(202);
    expect((await open(5)).status).toBe(429);
    expect(await sendFilm(ANNA, '12345')).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    const small = await sendFilm(ANNA, '1234');
    expect(small.status).toBe(202);
    expect((await call(`${server.url}/v1/jobs/${job.body.id}`, { method: 'DELETE', headers: ANNA })).status).toBe(204);
    expect((await sendFilm(ANNA, '123456')).status).toBe(202);
    // What the sweep says when it has deleted the media of a job after their retention.
    await server.connection.endedJobs.forgetStored(small.body.id, 'anna');
    await server.connection.endedJobs.forgetStored(small.body.id, 'anna');
    expect([(await open(5)).status, (await open(4)).status]).toEqual([429, 201]);
  });
});

describe('an upload whose length was told', () => {
  it('takes exactly that length', async () => {
    await start({});
    const { body, status } = await postJson(`${server.url}/v1/uploads`, { bytes: 4 }, ANNA);
    expect([status, body.headers]).toEqual([201, { 'Content-Length': '4' }]);
    for (const film of ['fil', 'a film']) {
      const answer = await call(body.url, { method: 'PUT', body: film });
      expect([400, 413]).toContain(answer.status);
    }
    expect((await call(body.url, { method: 'PUT', body: 'film' })).status).toBe(200);
    const large = await postJson(`${server.url}/v1/uploads`, { bytes: 10_000_001 }, ANNA);
    expect(large).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
  });
});

describe('uploads that drip', () => {
  it('give their slots up once all are taken, to whoever sends', async () => {
    await start({ keys: [], maxUploads: 8, maxUploadsPerKey: 8, minUploadRate: 10_000 });
    const drips = Array.from({ length: 8 }, () => drip({}));
    await until('they are on their way', async () => (await draftCount(server)) === 8);
    const honest = await until('an honest one is received', async () => {
      const answer = await sendFilm({});
      return answer.status === 202 ? answer : null;
    });
    expect(honest.body.status).toBe('queued');
    const given = await Promise.race(drips.map(({ answer }) => answer));
    expect(given).toContain('429 Too Many Requests');
    for (const { stop } of drips) stop();
    await until('nothing is left of them', async () => (await draftCount(server)) === 0);
  });
});
