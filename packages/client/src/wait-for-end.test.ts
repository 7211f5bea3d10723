import type { Job } from '@styleflow/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { answering, ID, JOB, json, problem, stopServers } from './test-api.js';

afterEach(() => stopServers());

describe('a wait', () => {
  const ended = { ...JOB, status: 'succeeded' as const };

  it('asks the API to hold its answer until the job has ended', async () => {
    const held = { 'Preference-Applied': 'wait=30', ETag: '"1"' };
    const { client, seen } = await answering(
      json(JOB, 200, held),
      (response) => void response.writeHead(304, held).end(),
      json(ended, 200, held),
    );
    expect(await client.wait(ID)).toEqual(ended);
    expect(seen.map(({ headers }) => [headers.prefer, headers['if-none-match']])).toEqual([
      ['wait=30', undefined],
      ['wait=30', '"1"'],
      ['wait=30', '"1"'],
    ]);
  });

  it('reads a job that failed with a code, and walks through a stage, of a newer API', async () => {
    const error = { code: 'audio_missing', message: 'It has no sound.' };
    const { client } = await answering(
      json({ ...JOB, status: 'scoring', stage: 'audit' }, 200, { 'Preference-Applied': 'wait=1' }),
      json({ ...JOB, status: 'failed', error }),
    );
    const stages: (string | null)[] = [];
    const ended = await client.wait(ID, { onChange: ({ stage }) => void stages.push(stage) });
    expect(ended.error).toEqual({ ...error, code: 'internal' });
    expect(stages).toEqual([null, null]);
  });

  it('shows every change to whom looks on', async () => {
    const changed: Job = { ...JOB, status: 'preparing', stage: 'prepare' };
    const held = { 'Preference-Applied': 'wait=1' };
    const { client } = await answering(json(JOB, 200, held), json(changed, 200, held), json(ended, 200, held));
    const seen: string[] = [];
    await client.wait(ID, { onChange: ({ status }) => seen.push(status) });
    expect(seen).toEqual(['queued', 'preparing', 'succeeded']);
  });

  it('comes back when an API that does not hold answers tells it to', async () => {
    const { client, seen } = await answering(json(JOB, 200, { 'Retry-After': '1' }), json(ended));
    const startedAt = performance.now();
    await client.wait(ID);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(seen).toHaveLength(2);
  });

  it('outlives an outage shorter than its patience, and not a longer one', async () => {
    const away = problem('queue_unavailable', 503, { 'Retry-After': '0' });
    const { client } = await answering(away, away, json(ended));
    expect((await client.wait(ID)).status).toBe('succeeded');
    const gone = await answering(away);
    await expect(gone.client.wait(ID, { patienceMs: 50 })).rejects.toMatchObject({ code: 'queue_unavailable' });
  });

  it('ends at once on what no waiting helps, and when it is aborted', async () => {
    const { client } = await answering(problem('not_found', 404));
    await expect(client.wait(ID)).rejects.toMatchObject({ code: 'not_found' });
    const stop = new AbortController();
    const silent = await answering(() => stop.abort(new Error('enough')));
    await expect(silent.client.wait(ID, { signal: stop.signal })).rejects.toThrow('enough');
  });
});
