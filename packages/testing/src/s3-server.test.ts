import { afterEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3 } from './s3-server.js';

describe('startS3', () => {
  const servers: S3Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  it('gives each caller a bucket of its own on one shared server', async () => {
    servers.push(...(await Promise.all([startS3(), startS3()])));
    const [one, two] = servers;
    expect(one?.endpoint).toBe(two?.endpoint);
    expect(one?.bucket).not.toBe(two?.bucket);
  });

  it('refuses who does not sign', async () => {
    const server = await startS3();
    servers.push(server);
    const answer = await fetch(`${server.endpoint}/${server.bucket}/key`, {
      method: 'PUT',
      body: 'x',
      headers: { Authorization: 'AWS test:tester:bm90aGluZw==', Date: new Date().toUTCString() },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('SignatureDoesNotMatch');
  });
});
