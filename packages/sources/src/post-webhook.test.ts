import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostWebhookOptions, postWebhook } from './post-webhook.js';

let server: LoopbackServer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { readonly method: string; readonly path: string; readonly body: string; readonly headers: object }[];

beforeAll(async () => {
  server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url: path = '', headers } = request;
    asked.push({ method, path, body, headers });
    answer(request, response);
  });
});
beforeEach(() => {
  asked = [];
  answer = (_request, response) => response.writeHead(204).end();
});
afterAll(() => server.stop());

const post = (changes: Partial<PostWebhookOptions> = {}) =>
  postWebhook({
    url: `${server.url}/hook?token=abc`,
    body: '{"a":"ü"}',
    headers: { 'webhook-id': 'x' },
    allowPrivate: true,
    ports: [80, 443],
    timeoutMs: 10_000,
    ...changes,
  });

describe('a call of a webhook', () => {
  it('is one POST with the body and the headers, delivered by any 2xx', async () => {
    expect(await post()).toEqual({ status: 204, error: null, isFinal: false });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/hook?token=abc', body: '{"a":"ü"}' });
    expect(asked[0]?.headers).toMatchObject({
      'webhook-id': 'x',
      'content-type': 'application/json',
      'content-length': '10',
    });
  });

  it.each([500, 404, 429])('that is answered %s has failed for now', async (status) => {
    answer = (_request, response) => response.writeHead(status).end('why');
    expect(await post()).toEqual({ status, error: `It answered ${status}.`, isFinal: false });
  });

  it('that is answered 410 has failed for good: the receiver wants nothing more', async () => {
    answer = (_request, response) => response.writeHead(410).end();
    expect(await post()).toMatchObject({ status: 410, isFinal: true });
  });

  it('follows no redirect, to wherever it leads', async () => {
    answer = (_request, response) => response.writeHead(307, { location: `${server.url}/inner` }).end();
    expect(await post()).toEqual({
      status: 307,
      error: 'It answered 307, and redirects are not followed.',
      isFinal: false,
    });
    expect(asked.map(({ path }) => path)).toEqual(['/hook?token=abc']);
  });

  it('reads a few kilobytes of a huge answer, and hangs up', async () => {
    let sent = 0;
    const hungUp = new Promise<void>((resolve) => {
      answer = (_request, response) => {
        response.writeHead(200);
        const block = Buffer.alloc(65_536);
        const more = (): void => {
          while (!response.destroyed && response.write(block)) sent += block.length;
        };
        response.on('drain', more);
        response.once('close', () => resolve());
        more();
      };
    });
    expect(await post()).toEqual({ status: 200, error: null, isFinal: false });
    await hungUp;
    expect(sent).toBeLessThan(50_000_000);
  });

  it('that is answered by nothing ends after its time', async () => {
    answer = () => undefined;
    expect(await post({ timeoutMs: 150 })).toEqual({
      status: null,
      error: 'It gave no answer within 0.15 s.',
      isFinal: false,
    });
  });

  it('counts by its status when the rest of the answer never ends', async () => {
    answer = (_request, response) => void response.writeHead(200, { 'content-length': '9' }).write('a');
    expect(await post({ timeoutMs: 300 })).toEqual({ status: 200, error: null, isFinal: false });
  });

  it('to a loopback address is refused unless such addresses are allowed, without a connection', async () => {
    const refused = await post({ allowPrivate: false });
    expect(refused).toMatchObject({ status: null, isFinal: true });
    expect(refused.error).toContain('STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS');
    expect(asked).toEqual([]);
  });

  it('to a name that leads inside tells no more than that it has no public address', async () => {
    const resolveName = async () => [{ address: '10.0.0.1', family: 4 }];
    const refused = await post({ url: 'https://inner.example/', allowPrivate: false, resolveName });
    expect(refused).toEqual({ status: null, error: 'Its name has no address on the public internet.', isFinal: false });
  });

  it('that cannot be made names the reason, and never the query of the address', async () => {
    const stopped = await startHttpServer(() => undefined);
    await stopped.stop();
    const { error, status } = await post({ url: `${stopped.url}/?token=abc` });
    expect([error, status]).toEqual(['It could not be reached (ECONNREFUSED).', null]);
  });
});
