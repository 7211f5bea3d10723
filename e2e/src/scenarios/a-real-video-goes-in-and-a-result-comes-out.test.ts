import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isEnded, ResultSchema } from '@styleflow/contracts';
import { makeVideo, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

describe('a real face video', () => {
  it('uploaded by multipart ends inconclusive with a score, because the bundle is untrained', async () => {
    const form = new FormData();
    form.append('video', new Blob([await readFile(await makeVideo({ frames: 110 }))]), 'face.mp4');
    const answer = await fetch(`${system.url}/v1/jobs`, { method: 'POST', body: form });
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location');
    expect(location).toMatch(/\/v1\/jobs\/job_/);
    const id = String(location).split('/').at(-1) ?? '';

    const job = await system.client.wait(id);
    expect(job).toMatchObject({
      status: 'succeeded',
      stage: null,
      attempts: 1,
      progress: { percent: 100, framesDecoded: 110, clipsPlanned: 3, clipsScored: 3 },
    });
    expect(job.verdict).toMatchObject({ label: 'inconclusive', reason: 'untrained_bundle', threshold: 0.2 });
    expect(job.verdict?.score).toBeGreaterThan(0);
    expect(job.verdict?.score).toBeLessThan(1);

    const result = await system.client.result(id);
    expect(result.faces).toHaveLength(1);
    expect(result.faces[0]).toMatchObject({ track: 0, rank: 1, frameCount: 110, framesUnused: 14 });
    expect(result.faces[0]?.clips.map((clip) => clip.frames)).toEqual([
      [0, 31],
      [32, 63],
      [64, 95],
    ]);
    expect(result.faces[0]?.clips[0]?.styleFlow).toHaveLength(31);
    expect(result.faces[0]?.clips[0]?.attention).toHaveLength(16);
    expect(result.faces[0]?.score).toBe(job.verdict?.score);
    expect(result.model).toMatchObject({ trained: false, variant: 'style-content', provider: 'cpu' });

    const picture = await fetch(`${system.url}${result.faces[0]?.clips[0]?.picture}`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');

    const report = await (await fetch(`${system.url}/v1/jobs/${id}/report`)).text();
    expect(report).toContain('<!doctype html>');
    expect(report).not.toMatch(/(?:src|href)="https?:/);
  });

  it('fetched from a URL and sent by a signed upload gives the same score', async () => {
    const path = await makeVideo({ frames: 64 });
    const site = await startHttpServer((_request, response) => {
      response.setHeader('content-type', 'video/mp4');
      createReadStream(path).pipe(response);
    });
    try {
      const [byUrl, byUpload] = await Promise.all([
        system.client.submit({ type: 'url', url: `${site.url}/face.mp4` }),
        system.client.submitFile(path),
      ]);
      const [first, second] = await Promise.all([system.client.wait(byUrl.id), system.client.wait(byUpload.id)]);
      expect(first.status).toBe('succeeded');
      expect(first.verdict?.score).toBeTypeOf('number');
      expect(second.verdict).toEqual(first.verdict);
    } finally {
      await site.stop();
    }
  });

  it('with two people side by side gives two faces, each with its own score', async () => {
    const job = await system.client.submitFile(await makeVideo({ people: ['cap12_edit', 'franck'], frames: 40 }));
    await system.client.wait(job.id);
    const result = ResultSchema.parse(await (await fetch(`${system.url}/v1/jobs/${job.id}/result`)).json());
    expect(result.faces.map((face) => face.track)).toEqual([0, 1]);
    expect(result.faces.every((face) => face.clips.length === 1 && face.score !== null)).toBe(true);
    expect(result.faces[0]?.score).not.toBe(result.faces[1]?.score);
    const scores = result.faces.map((face) => face.score ?? 0);
    expect(result.verdict.score).toBe(Math.max(...scores));
  });

  it('is followed by progress that never falls, and polled without a change of terms', async () => {
    const job = await system.client.submitFile(await makeVideo({ frames: 110 }));
    const seen: number[] = [];
    const ended = await system.client.wait(job.id, { onChange: ({ progress }) => seen.push(progress.percent ?? 0) });
    expect(isEnded(ended.status)).toBe(true);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(100);
  });

  it('can be deleted with everything that was made of it', async () => {
    const job = await system.client.submitFile(await makeVideo({ frames: 40 }));
    await system.client.wait(job.id);
    await system.client.delete(job.id);
    expect((await fetch(`${system.url}/v1/jobs/${job.id}`)).status).toBe(404);
    expect((await fetch(`${system.url}/v1/jobs/${job.id}/result`)).status).toBe(404);
  });
});
