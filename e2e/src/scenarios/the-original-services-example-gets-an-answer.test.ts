import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { type LoopbackServer, makeVideo, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const run = promisify(execFile);
let system: SystemUnderTest;
let site: LoopbackServer;
beforeAll(async () => {
  system = await startSystem();
  const [face, nobody] = await Promise.all([makeVideo({ frames: 64 }), makeVideo({ people: [], frames: 40 })]);
  site = await startHttpServer((request, response) => {
    if (request.url === '/gone.mp4') response.writeHead(404).end();
    else createReadStream(request.url === '/nobody.mp4' ? nobody : face).pipe(response);
  });
});
afterAll(async () => {
  await system.stop();
  await site.stop();
});

/** Calls exactly as published: curl sends the content type of a form. */
async function predict(path: string): Promise<Record<string, unknown>> {
  const body = `{"file_path": "${site.url}${path}"}`;
  const { stdout } = await run('curl', ['-s', '-X', 'POST', `${system.url}/predict`, '--data', body]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

it('POST /predict with a form content type waits for the score, and an untrained bundle is UNCERTAIN', async () => {
  const answer = await predict('/face.mp4');
  expect(answer).toMatchObject({ prediction: 'UNCERTAIN', job_id: expect.stringMatching(/^job_/) });
  const job = await system.client.job(String(answer.job_id));
  expect(answer.df_probability).toBe(job.verdict?.score);
});

it('a video without a face answers -1 and NO_FACE', async () => {
  expect(await predict('/nobody.mp4')).toMatchObject({ df_probability: -1, prediction: 'NO_FACE' });
});

it('a video that is not there answers with its problem', async () => {
  expect(await predict('/gone.mp4')).toMatchObject({ code: 'source_unreachable' });
});

it('GET /healthcheck says healthy', async () => {
  const { stdout } = await run('curl', ['-s', '-X', 'GET', `${system.url}/healthcheck`]);
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
});
