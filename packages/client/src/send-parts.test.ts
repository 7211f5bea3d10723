import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UploadState } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVideoFile, StyleFlowClient } from './index.js';

const FILM = 'abcdefghij';
const PART_BYTES = 4;
const UPLOAD = 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';

let server: LoopbackServer;
let client: StyleFlowClient;
let calls: string[];
/** What arrived, by the number of the part. */
let stored: Map<number, string>;
/** The status of each PUT: by the part and how often it was tried. */
let answerPut: (part: number, tries: number) => number | null;
let isGone: boolean;

beforeEach(async () => {
  calls = [];
  stored = new Map();
  answerPut = () => 200;
  isGone = false;
  const tries = new Map<number, number>();
  let isJoined = false;
  const after = new Date(Date.now() + 3_600_000).toISOString();
  const state = (): UploadState => ({
    ...{ uploadId: UPLOAD, status: isJoined ? 'stored' : 'open', bytes: FILM.length, keptUntil: after },
    parts: { count: 3, bytes: PART_BYTES, stored: [...stored.keys()].sort().map((part) => [part, part]) },
  });
  server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const call = `${request.method} ${pathname}`;
    if (request.method === 'PUT') {
      const part = Number(pathname.slice(1));
      tries.set(part, (tries.get(part) ?? 0) + 1);
      const status = answerPut(part, tries.get(part) ?? 0);
      if (status === null) return;
      if (status === 200) stored.set(part, body);
      return void response.writeHead(status).end();
    }
    calls.push(call);
    const json = (value: unknown, status = 200, type = 'application/json'): void =>
      void response.writeHead(status, { 'Content-Type': type }).end(JSON.stringify(value));
    if (call === 'POST /v1/uploads') return json(state(), 201);
    if (isGone) {
      isGone = false;
      const problem = { type: 'about:blank', title: 'No', status: 404, detail: 'Gone.', code: 'not_found' };
      return json(problem, 404, 'application/problem+json');
    }
    if (call.endsWith('/parts')) {
      const from = Number(searchParams.get('from'));
      const parts = [1, 2, 3].filter((part) => part >= from);
      return json({
        parts: parts.map((part) => ({
          ...{ part, bytes: PART_BYTES, url: `${server.url}/${part}`, method: 'PUT', headers: {} },
        })),
        ...{ expiresAt: after, nextFrom: null },
      });
    }
    isJoined ||= call.endsWith('/complete');
    return json(state());
  });
  client = new StyleFlowClient({ api: server.url, retries: 0 });
});
afterEach(() => server.stop());

const send = (options: Parameters<typeof client.uploads.send>[1] = {}) =>
  client.uploads.send(new Blob([FILM]), { partsFrom: 0, ...options });
const parts = () => [1, 2, 3].map((part) => stored.get(part));

describe('a long video', () => {
  it('is sent in parts, and told of as one', async () => {
    const told: number[] = [];
    const opened: string[] = [];
    const { uploadId } = await send({
      onProgress: (sent) => told.push(sent),
      onOpened: (upload) => opened.push(upload.uploadId),
    });
    expect([uploadId, opened]).toEqual([UPLOAD, [UPLOAD]]);
    expect(parts()).toEqual(['abcd', 'efgh', 'ij']);
    expect(told.at(-1)).toBe(FILM.length);
    const path = `/v1/uploads/${UPLOAD}`;
    expect(calls).toEqual(['POST /v1/uploads', `GET ${path}/parts`, `POST ${path}/complete`]);
  });

  it('goes on with what is missing, from a file as well', async () => {
    stored.set(1, 'abcd').set(3, 'ij');
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-client-'));
    await writeFile(join(folder, 'a.mp4'), FILM);
    const file = await openVideoFile(join(folder, 'a.mp4'));
    const told: number[] = [];
    await client.uploads.send(file, { resume: UPLOAD, onProgress: (sent) => told.push(sent) });
    await file.close();
    await rm(folder, { recursive: true });
    expect(parts()).toEqual(['abcd', 'efgh', 'ij']);
    expect(calls[0]).toBe(`POST /v1/uploads/${UPLOAD}/renew`);
    expect(told).toEqual(['abcdij'.length, FILM.length]);
  });

  it('is begun anew where the interrupted upload is gone, and not mixed with another video', async () => {
    isGone = true;
    await send({ resume: UPLOAD });
    expect(calls.slice(0, 2)).toEqual([`POST /v1/uploads/${UPLOAD}/renew`, 'POST /v1/uploads']);
    const other = client.uploads.send(new Blob(['other']), { partsFrom: 0 });
    await expect(other).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is sent although parts fail for a while, with new addresses', async () => {
    answerPut = (_part, tries) => (tries === 1 ? 503 : 200);
    await send();
    expect(parts()).toEqual(['abcd', 'efgh', 'ij']);
    expect(calls.filter((call) => call.endsWith('/parts')).length).toBeGreaterThan(1);
  });

  it('that is aborted stops at once and is not given up', async () => {
    const stop = new AbortController();
    answerPut = (part) => {
      if (part !== 2) return 200;
      stop.abort(new Error('enough'));
      return null;
    };
    await expect(send({ signal: stop.signal })).rejects.toThrow('enough');
    expect(calls.some((call) => call.startsWith('DELETE') || call.endsWith('/complete'))).toBe(false);
  });
});
