import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedSystem } from '@styleflow/cli';
import { StyleFlowClient } from '@styleflow/client';
import { makeVideo, mountSmallDisk, type SmallDisk, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
let disk: SmallDisk | null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-full-'));
  disk = await mountSmallDisk(join(folder, 'data'), 40_000_000);
});
afterAll(async () => {
  await disk?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a full data folder is told and answered with 503, and work goes on once there is room', async (test) => {
  if (disk === null) return test.skip('this user may not mount');
  const said: string[] = [];
  const env = { ...process.env, STYLEFLOW_LOG_LEVEL: 'debug' };
  const system = await startEmbeddedSystem({ dataFolder: disk.folder, port: 0, env, say: (line) => said.push(line) });
  try {
    const client = new StyleFlowClient({ api: system.apiUrl });
    const video = await makeVideo({ frames: 40 });
    const pids = system.pids();
    await disk.fill();
    const submit = async (): Promise<number> => {
      const form = new FormData();
      form.append('video', new Blob([Buffer.alloc(100_000, 'film')]), 'film.mp4');
      return (await fetch(`${system.apiUrl}/v1/jobs`, { method: 'POST', body: form })).status;
    };
    await until('it is refused', async () => (await submit()) === 503);
    await until('it is told', () => said.some((line) => line.includes('cannot be written')));
    expect((await fetch(`${system.apiUrl}/healthz`)).status).toBe(200);

    await disk.free();
    const job = await untilSubmitted(client, video);
    expect((await client.wait(job)).status).toBe('succeeded');
    expect(system.pids()).toEqual(pids);
  } finally {
    await system.stop();
  }
});

/** Redis takes a second to notice that it can write again. */
async function untilSubmitted(client: StyleFlowClient, video: string): Promise<string> {
  let id: string | null = null;
  await until('a video is taken again', async () => {
    id = await client.submitFile(video).then(
      (job) => job.id,
      () => null,
    );
    return id !== null;
  });
  return id ?? '';
}
