import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorCode, Job } from '@styleflow/contracts';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
let folder: string;
beforeAll(async () => {
  system = await startSystem();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-bad-'));
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

async function endOf(path: string, options: Record<string, unknown> = {}): Promise<Job> {
  const job = await system.client.submitFile(path, { options });
  return system.client.wait(job.id);
}

async function fileOf(name: string, bytes: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('a file that cannot be analysed', () => {
  it('of zero bytes is refused at the door', async () => {
    await expect(endOf(await fileOf('zero.mp4', ''))).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('of text named .mp4 is unsupported_media', async () => {
    await expectRefusal(await fileOf('text.mp4', 'not a video at all\n'.repeat(50)), 'unsupported_media');
  });

  it('with sound only is media_no_video', async () => {
    const { execFileSync } = await import('node:child_process');
    const path = join(folder, 'sound.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', path]);
    await expectRefusal(path, 'media_no_video');
  });

  it('cut off before its index is media_corrupt', async () => {
    const whole = await readFile(await makeVideo({ frames: 64 }));
    await expectRefusal(await fileOf('cut.mp4', whole.subarray(0, Math.floor(whole.length * 0.6))), 'media_corrupt');
  });

  async function expectRefusal(path: string, code: ErrorCode): Promise<void> {
    const job = await endOf(path);
    expect(job).toMatchObject({ status: 'failed', attempts: 1, error: { code } });
    expect(job.error?.message).toMatch(/\w+ \w+/);
    expect(job.error?.message).not.toContain(folder);
    expect(job.verdict).toBeUndefined();
  }
});

describe('a video without enough of a face', () => {
  it('that shows nobody is inconclusive: no_face', async () => {
    const job = await endOf(await makeVideo({ people: [], frames: 40 }));
    expect(job).toMatchObject({
      status: 'succeeded',
      verdict: { label: 'inconclusive', reason: 'no_face', score: null },
    });
  });

  it.each([1, 15])('of %d frames of a face is inconclusive: face_too_short', async (frames) => {
    const job = await endOf(await makeVideo({ frames }));
    expect(job).toMatchObject({
      status: 'succeeded',
      verdict: { label: 'inconclusive', reason: 'face_too_short', score: null },
    });
  });

  it('of 16 frames makes one mirrored clip', async () => {
    const job = await endOf(await makeVideo({ frames: 16 }));
    const result = await system.client.result(job.id);
    expect(result.faces[0]?.clips).toMatchObject([{ padded: true, frames: [0, 15] }]);
    expect(result.verdict.score).toBeTypeOf('number');
  });
});

describe('a request that is wrong', () => {
  it.each([
    ['a body that is no JSON', '{"source": ', 400, 'invalid_request'],
    [
      'an unknown field',
      '{"source": {"type": "url", "url": "https://example.org/a.mp4"}, "colour": 1}',
      400,
      'invalid_request',
    ],
    [
      'an unknown option',
      '{"source": {"type": "url", "url": "https://example.org/a.mp4"}, "options": {"frames": 1}}',
      400,
      'invalid_request',
    ],
    [
      'a source of no known kind',
      '{"source": {"type": "ftp", "url": "ftp://example.org/a.mp4"}}',
      400,
      'invalid_request',
    ],
    [
      'a bundle that nobody serves',
      '{"source": {"type": "url", "url": "https://example.org/a.mp4"}, "options": {"bundle": "none@000000000000"}}',
      422,
      'bundle_unknown',
    ],
  ])('with %s is refused at once', async (_what, body, status, code) => {
    const answer = await fetch(`${system.url}/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, code });
    expect(answer.status).toBe(status);
  });

  it('for a job that is not there is not_found', async () => {
    const answer = await fetch(`${system.url}/v1/jobs/job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found' });
  });
});

it('after all of that the same workers still score a video', async () => {
  const pids = [system.cpuWorker.pid, system.gpuWorker.pid, system.api.pid];
  const job = await endOf(await makeVideo({ frames: 40 }));
  expect(job.status).toBe('succeeded');
  expect(pids.every((pid) => process.kill(pid, 0))).toBe(true);
});
