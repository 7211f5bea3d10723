import { connect } from 'node:net';
import { ProblemSchema } from '@styleflow/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Sends bytes as they are, and reads until the server closes the connection. */
function send(bytes: string): Promise<{ status: number; type: string; body: unknown }> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
      resolve({
        status,
        type: /content-type: (\S+)/i.exec(head)?.[1] ?? '',
        body: body === '' ? '' : JSON.parse(body),
      });
    });
  });
}

describe('what no route sees is answered as a problem, too:', () => {
  it.each([
    ['a line that is no HTTP', 400, 'nonsense\r\n\r\n'],
    ['a method that no HTTP has', 400, 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a header without a name', 400, 'GET /healthz HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n'],
    ['headers beyond 16 KB', 431, `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['no host', 400, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['an expectation that nobody knows', 417, 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n'],
    [
      'a body that breaks its chunks',
      400,
      'POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
  ])('%s', async (_what, status, bytes) => {
    const answer = await send(bytes);
    expect(answer).toMatchObject({ status, type: 'application/problem+json' });
    expect(ProblemSchema.parse(answer.body)).toMatchObject({ status, code: 'invalid_request' });
  });

  it('a call of HTTP/1.0 needs no host', async () => {
    expect(await send('GET /healthcheck HTTP/1.0\r\n\r\n')).toMatchObject({ status: 200 });
  });
});
