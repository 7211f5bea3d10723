import { startHttpServer } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { unreadiness } from './unreadiness.js';

const BRIEF = { answerMs: 50, totalMs: 60 };

/** What is said of a process whose server answers its n-th call so. */
async function saidOf(status: (call: number) => number | null): Promise<string | null> {
  let calls = 0;
  const server = await startHttpServer((_, response) => {
    calls += 1;
    const code = status(calls);
    if (code !== null) response.writeHead(code).end('{"ready":false}');
  });
  try {
    return await unreadiness({ name: 'api-1', pid: process.pid, own: { adminPort: server.port } }, BRIEF);
  } finally {
    await server.stop();
  }
}

it('a process is asked again while it does not answer', async () => {
  expect(await saidOf((call) => (call === 1 ? null : 200))).toBeNull();
  expect(await saidOf((call) => (call === 1 ? null : 503))).toBe('api-1: 503 {"ready":false}');
});

it('of one that never answers it is told what each of its threads does', { tags: ['linux'] }, async () => {
  const said = await saidOf(() => null);
  expect(said).toMatch(/^api-1: asked \d+ times in \d s: TimeoutError: .*; process \d+: \S.* [RSD]\b/);
});
