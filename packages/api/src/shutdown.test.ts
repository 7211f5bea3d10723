import { connect } from 'node:net';
import { sourceKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { call } from './test-calls.js';
import { draftCount, recordOf, sha256, submit } from './test-jobs.js';
import { startTestServer } from './test-server.js';

describe('a shutdown', () => {
  it('answers those who wait, ends event streams, and lets an upload finish', async () => {
    const server = await startTestServer();
    try {
      const id = await submit(server);
      const poll = call(`${server.url}/v1/jobs/${id}`, { headers: { Prefer: 'wait=60' } });
      const events = fetch(`${server.url}/v1/jobs/${id}/events`).then((response) => response.text());
      await until('both wait', () => server.changes.waiters === 2);
      const film = 'film'.repeat(1000);
      const body = `--x\r\nContent-Disposition: form-data; name="video"; filename="a"\r\n\r\n${film}\r\n--x--\r\n`;
      const socket = connect(server.port, '127.0.0.1');
      const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
      socket.write(
        `POST /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 2000)}`,
      );
      await until('the upload is on its way', async () => (await draftCount(server)) > 0);
      const stopped = server.shutDown();
      expect(await poll).toMatchObject({ status: 200, body: { id, status: 'queued' } });
      expect(await events).toContain('event: status');
      socket.write(body.slice(2000));
      const answer = await answered;
      expect(answer).toContain('202 Accepted');
      await stopped;
      const made = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
      expect(sha256((await server.store.get(sourceKey(made.id))) ?? '')).toBe(sha256(film));
      expect((await recordOf(server, made.id)).status).toBe('queued');
      await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    } finally {
      await server.stop();
    }
  });
});
