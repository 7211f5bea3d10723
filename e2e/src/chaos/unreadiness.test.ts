import { startHttpServer } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { type Patience, unreadiness } from './unreadiness.js';

/** Long enough for a busy machine to answer at last. */
const LONG = { answerMs: 200, totalMs: 60_000 };
const BRIEF = { answerMs: 50, totalMs: 60 };

/** What is said of a process whose server answers its n-th call so. */
async function saidOf(status: (call: number) => number | null, patience: Patience): Promise<string | null> {
  let calls = 0;
  const server = await startHttpServer((_, response) => {
    calls += 1;
    const code = status(calls);
    if (code !== null) response.writeHead(code).end('{"ready":false}');
  });
  try {
    return await unreadiness({ name: 'api-1', pid: process.pid, own: { adminPort: server.port } }, patience);
  } finally {
    await server.stop();
  }
}

it('a process is asked again while it does not answer', async () => {
  expect(await saidOf((call) => (call === 1 ? null : 200), LONG)).toBeNull();
  expect(await saidOf((call) => (call === 1 ? null : 503), LONG)).toBe('api-1: 503 {"ready":false}');
});

it('of one that never answers it is told what each of its threads does', { tags: ['linux'] }, async () => {
  const said = await saidOf(() => null, BRIEF);
  expect(said).toMatch(/^api-1: asked \d+ times in \d+ s: TimeoutError: .*; process \d+: \S.* [RSD]\b/);
});
