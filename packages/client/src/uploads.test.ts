import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { answering, JOB, json, type Seen, stopServers, type Turn } from './test-api.js';

afterEach(() => stopServers());

describe('a file', () => {
  it('goes to the signed address with its length, and is then submitted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-client-'));
    const path = join(folder, 'a.mp4');
    const film = 'film'.repeat(100_000);
    await writeFile(path, film);
    const uploadId = 'upl_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
    const headers = { 'X-Signed': 'yes' };
    const opened: Turn = (response, { headers: { host } }) =>
      json({ uploadId, url: `http://${host}/put?signature=x`, method: 'PUT', headers, expiresAt: JOB.createdAt }, 201)(
        response,
        seen[0] as Seen,
      );
    const { client, seen } = await answering(opened, (response) => void response.end(), json(JOB, 202));
    await client.submitFile(path, { metadata: { a: 1 } });
    expect(seen.map(({ line }) => line)).toEqual(['POST /v1/uploads', 'PUT /put?signature=x', 'POST /v1/jobs']);
    expect(seen[1]?.headers).toMatchObject({ 'content-length': String(film.length), 'x-signed': 'yes' });
    expect(seen[1]?.headers.authorization).toBeUndefined();
    expect(seen[1]?.headers['transfer-encoding']).toBeUndefined();
    expect(seen[1]?.body === film).toBe(true);
    expect(JSON.parse(seen[2]?.body ?? '')).toEqual({
      source: { type: 'upload', uploadId },
      metadata: { file: 'a.mp4', a: 1 },
    });
    await rm(folder, { recursive: true });
  });

  it('that cannot be read, or that the store refuses, throws', async () => {
    const opened: Turn = (response, seen) =>
      json(
        {
          uploadId: 'upl_1',
          url: `http://${seen.headers.host}/put`,
          method: 'PUT',
          headers: {},
          expiresAt: JOB.createdAt,
        },
        201,
      )(response, seen);
    const refusal: Turn = (response) => void response.writeHead(403).end('<Error><Code>EntityTooLarge</Code></Error>');
    const { client, seen } = await answering(opened);
    await expect(client.submitFile(process.execPath.replace(/[^/]*$/, ''))).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(client.submitFile(join(process.execPath, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(seen).toEqual([]);
    const other = await answering(opened, refusal);
    const folder = await mkdtemp(join(tmpdir(), 'styleflow-client-'));
    await writeFile(join(folder, 'a'), 'film');
    await expect(other.client.submitFile(join(folder, 'a'))).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('EntityTooLarge'),
    });
    await rm(folder, { recursive: true });
  });
});
