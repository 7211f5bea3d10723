import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const run = promisify(execFile);

/** Redis and store as version 0.1.0 left them, made by `make.mjs` there. */
const LEFT = fileURLToPath(new URL('../../fixtures/made-by-0.1.0/', import.meta.url));

const KeySchema = z.discriminatedUnion('type', [
  z.object({ key: z.string(), type: z.literal('hash'), value: z.record(z.string(), z.string()) }),
  z.object({ key: z.string(), type: z.literal('string'), value: z.string() }),
  z.object({ key: z.string(), type: z.enum(['list', 'set']), value: z.array(z.string()) }),
  z.object({ key: z.string(), type: z.literal('zset'), value: z.array(z.tuple([z.string(), z.number()])) }),
]);
type Key = z.infer<typeof KeySchema>;

const LeftSchema = z.object({ ended: z.string(), queued: z.string(), keys: z.array(KeySchema) });

function commandOf(entry: Key): string[] {
  switch (entry.type) {
    case 'hash':
      return ['hset', entry.key, ...Object.entries(entry.value).flat()];
    case 'string':
      return ['set', entry.key, entry.value];
    case 'list':
      return ['rpush', entry.key, ...entry.value];
    case 'set':
      return ['sadd', entry.key, ...entry.value];
    case 'zset':
      return ['zadd', entry.key, ...entry.value.flatMap(([member, score]) => [String(score), member])];
  }
}

let system: SystemUnderTest;
let left: z.infer<typeof LeftSchema>;

beforeAll(async () => {
  left = LeftSchema.parse(JSON.parse(await readFile(join(LEFT, 'redis.json'), 'utf8')));
  system = await startSystem({ STYLEFLOW_RESULT_RETENTION_DAYS: '36500' }, async ({ redis, folder }) => {
    for (const entry of left.keys) await run('redis-cli', ['-p', String(redis.port), ...commandOf(entry)]);
    await cp(join(LEFT, 'store'), join(folder, 'store'), { recursive: true });
  });
});
afterAll(() => system.stop());

it('a job that was queued is finished', async () => {
  const job = await system.client.wait(left.queued);
  expect([job.status, job.error, job.verdict?.reason]).toEqual(['succeeded', undefined, 'no_face']);
});

it('a job that had ended is polled, its result and report are read, and it is listed', async () => {
  const job = await system.client.job(left.ended);
  expect([job.status, job.verdict?.reason, job.metadata]).toEqual(['succeeded', 'no_face', { file: 'video.mp4' }]);
  const result = await system.client.result(left.ended);
  expect([result.job, result.verdict]).toEqual([left.ended, job.verdict]);
  const report = await fetch(`${system.url}/v1/jobs/${left.ended}/report`);
  expect([report.status, (await report.text()).length > 5_000]).toEqual([200, true]);
  const listed = await fetch(`${system.url}/v1/jobs`);
  expect(await listed.text()).toContain(left.ended);
});

it('a job that had ended is deleted', async () => {
  const deleted = await fetch(`${system.url}/v1/jobs/${left.ended}`, { method: 'DELETE' });
  expect(deleted.status).toBe(204);
  expect((await fetch(`${system.url}/v1/jobs/${left.ended}/result`)).status).toBe(404);
});
