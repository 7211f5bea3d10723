import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { mintJobId } from '@styleflow/contracts';
import { preparePayloadOf, sealSource } from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { reportKey, resultKey, sourceKey } from '@styleflow/storage';
import { type LoopbackServer, makeVideo, readAllRedis, startHttpServer, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from '../run-cpu-worker.js';
import { startTestSystem, type TestSystem } from '../test-system.js';

const SECRETS = /open-sesame|very-secret|b3Blbi1zZXNhbWU/;

let system: TestSystem;
let worker: CpuWorker;
let server: LoopbackServer;
let video: string;
const log: string[] = [];
/** Answers that the test lets go. */
const held: { readonly response: ServerResponse; readonly asked: string; readonly authorization: string }[] = [];

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    held.push({ response, asked: request.url ?? '', authorization: request.headers.authorization ?? '' });
  });
  system = await startTestSystem({
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    STYLEFLOW_SECRET_KEY: randomBytes(32).toString('base64'),
  });
  const logger = createLogger('cpu-worker-test', 'trace', { write: (line) => void log.push(line) });
  worker = await runCpuWorker(system.env, logger);
  system.score(() => 0);
  video = await makeVideo({ frames: 40 });
});
afterAll(async () => {
  await worker.stop();
  await system.stop();
  await server.stop();
});

const secretUrl = (): string => `${server.url.replace('//', '//anna:open-sesame@')}/v.mp4?X-Amz-Signature=very-secret`;

async function nextRequest() {
  await until('the source is asked', () => held.length > 0);
  const [request] = held.splice(0);
  if (request === undefined) throw new Error('nobody asked');
  return request;
}

describe('a source with credentials in its address', () => {
  it('is fetched with them, and they stand nowhere while it is and after', async () => {
    const job = await system.submitUrl(secretUrl());
    const { response, asked, authorization } = await nextRequest();
    expect(asked).toBe('/v.mp4?X-Amz-Signature=very-secret');
    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe('anna:open-sesame');
    const during = await readAllRedis(system.redis.port);
    expect(during).toContain(`secrets/${job}`);
    expect(during).not.toMatch(SECRETS);
    response.writeHead(200, { 'content-type': 'video/mp4' });
    createReadStream(video).pipe(response);
    const record = await system.waitForEnd(job);
    expect(record).toMatchObject({ status: 'succeeded', source: { url: `${server.url}/v.mp4?...` } });
    const after = await readAllRedis(system.redis.port);
    expect(after).not.toContain(`secrets/${job}`);
    expect(after).not.toMatch(SECRETS);
    for (const key of [resultKey(job), reportKey(job)]) {
      const stored = await until(`${key} is stored`, () => system.store.get(key));
      expect(stored.toString()).not.toMatch(SECRETS);
    }
    for await (const { key } of system.store.list('jobs/')) {
      expect((await system.store.get(key))?.toString('latin1') ?? '', key).not.toMatch(SECRETS);
    }
    expect(log.join('')).toContain(job);
    expect(log.join('')).not.toMatch(SECRETS);
  });

  it('that answers 403, breaks off or redirects tells of none of them', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(403).end(),
      (response) => response.writeHead(302, { location: `/other?sig=very-secret` }).end(),
    ];
    for (const answer of answers) {
      const job = await system.submitUrl(secretUrl());
      answer((await nextRequest()).response);
      if (answer === answers[1]) (await nextRequest()).response.writeHead(404).end();
      const { status, error } = await system.waitForEnd(job);
      expect([status, error?.code]).toEqual(['failed', 'source_unreachable']);
      expect(error?.message).not.toMatch(SECRETS);
    }
    expect(log.join('')).not.toMatch(SECRETS);
    expect(await readAllRedis(system.redis.port)).not.toMatch(SECRETS);
  });

  it('whose credentials are gone, as with a Redis that forgot, fails at once and says that it must be given anew', async () => {
    const id = mintJobId();
    const record = await system.createJob({}, id, sealSource(system.vault, id, { type: 'url', url: secretUrl() }));
    await system.vault.erase(id);
    await system.queue.addFlow(preparePayloadOf(record));
    const { status, error, attempts } = await system.waitForEnd(id);
    expect([status, error?.code, attempts]).toEqual(['failed', 'source_unreachable', 1]);
    expect(error?.message).toContain('given anew');
    expect(held).toEqual([]);
  });

  it('whose credentials are gone is read from the copy at the own place of the job, if there is one', async () => {
    const id = mintJobId();
    const record = await system.createJob({}, id, sealSource(system.vault, id, { type: 'url', url: secretUrl() }));
    await system.vault.erase(id);
    await system.store.put(sourceKey(id), await readFile(video), 'video/mp4');
    await system.queue.addFlow(preparePayloadOf(record));
    expect((await system.waitForEnd(id)).status).toBe('succeeded');
  });
});
