import type { JobId, ResultFace } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, call } from '../test-calls.js';
import { fail, recordOf, someResult, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { predictAnswer } from './predict-answer.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Calls `/predict` as `curl --data` does: JSON with the content type of a form. */
function predict(at: TestServer, body = '{"file_path": "https://videos.example.org/a.mp4"}'): Promise<Answer> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return call(`${at.url}/predict`, { method: 'POST', headers, body });
}

/** Calls `/predict` and lets `work` do the job that the call made. Answers the call's answer and the job's id. */
async function predictWhile(work: (id: JobId) => Promise<unknown>): Promise<{ answer: Answer; id: JobId }> {
  const { jobs: before } = await server.lists.list({ limit: 200 });
  const calling = predict(server);
  const [made] = await until('the call has made its job', async () => {
    const { jobs } = await server.lists.list({ limit: 200 });
    return jobs.length > before.length && server.changes.waiters > 0 ? jobs : null;
  });
  if (made === undefined) throw new Error('there is no job');
  await work(made.id);
  return { answer: await calling, id: made.id };
}

describe("the original service's predict", () => {
  it('answers with the score of a fake, whatever the content type says', async () => {
    const { answer, id } = await predictWhile((job) => succeed(server, job));
    expect(answer).toMatchObject({ status: 200, body: { df_probability: 0.75, prediction: 'FAKE', job_id: id } });
    expect(Object.keys(answer.body).sort()).toEqual([
      'df_probability',
      'end_time',
      'job_id',
      'prediction',
      'start_time',
    ]);
  });

  it('answers 422 when the video is at fault and 502 when the system is', async () => {
    const input = await predictWhile((job) => fail(server, job, 'media_corrupt'));
    expect(input.answer).toMatchObject({ status: 422, body: { code: 'media_corrupt', status: 422 } });
    const system = await predictWhile((job) => fail(server, job, 'inference_failed'));
    expect(system.answer).toMatchObject({ status: 502, body: { code: 'inference_failed', status: 502 } });
    expect(system.answer.headers.get('location')).toBe(`/v1/jobs/${system.id}`);
  });

  it('answers 202 with the link of a job that takes longer', async () => {
    const hasty = await startTestServer({ predictWaitMs: 100 });
    try {
      const { status, body, headers } = await predict(hasty);
      expect([status, body.status, body.link]).toEqual([202, 'queued', `/v1/jobs/${body.job_id}`]);
      expect(headers.get('location')).toBe(body.link);
    } finally {
      await hasty.stop();
    }
  });

  it.each(['', '{}', '{"file_path": "/etc/passwd"}', '{"file_path": 3}', 'file_path=https://example.org'])(
    'refuses the body %j',
    async (body) => {
      expect(await predict(server, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );
});

describe('the healthcheck of the original service', () => {
  it('says that it is healthy', async () => {
    expect(await call(`${server.url}/healthcheck`)).toMatchObject({ status: 200, body: { healthy: true } });
  });
});

describe('the answer in the words of the original service', () => {
  async function answerFor(faces: readonly Partial<ResultFace>[], trained = true) {
    const result = someResult(await recordOf(server, await submit(server)));
    const [face] = result.faces;
    if (face === undefined) throw new Error('the sample has no face');
    const made = faces.map((changes, track) => ({ ...face, track, ...changes }));
    return predictAnswer({ ...result, faces: made, model: { ...result.model, trained } });
  }

  it('is about the best-detected face of the first frame with a face', async () => {
    const answer = await answerFor([
      { frames: [0, 40], firstScore: 0.6, score: 0.9 },
      { frames: [0, 40], firstScore: 0.8, score: 0.1 },
      { frames: [5, 90], firstScore: 0.99, score: 0.5 },
    ]);
    expect(answer).toMatchObject({ df_probability: 0.1, prediction: 'REAL' });
  });

  it('calls a score at the threshold fake', async () => {
    expect(await answerFor([{ score: 0.2 }])).toMatchObject({ df_probability: 0.2, prediction: 'FAKE' });
  });

  it('knows no face when there is none, or when it fills no whole clip', async () => {
    const { clips } = someResult(await recordOf(server, await submit(server))).faces[0] ?? { clips: [] };
    for (const faces of [
      [],
      [{ score: null, clips: [] }],
      [{ clips: clips.map((clip) => ({ ...clip, padded: true })) }],
    ]) {
      expect(await answerFor(faces)).toMatchObject({ df_probability: -1, prediction: 'NO_FACE' });
    }
  });

  it('is uncertain of what an untrained bundle says', async () => {
    expect(await answerFor([{}], false)).toMatchObject({ df_probability: 0.75, prediction: 'UNCERTAIN' });
  });
});
