import { startHttpServer } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { loadWithRequests, percentile } from './request-load.js';

it('a server that stands still makes all requests slow that were due meanwhile, since latency counts from when they were due', async () => {
  const STANDS_MS = 300;
  let readable = 0;
  const server = await startHttpServer((request, response) => {
    const isPost = request.method === 'POST';
    if (!isPost) readable += 1;
    // One answer holds the whole loop of the process, as a pause of garbage collection would.
    if (readable === 1 && !isPost) for (const until = performance.now() + STANDS_MS; performance.now() < until; );
    response.writeHead(isPost ? 202 : 200).end('{"id":"job_1"}');
  });
  const posted: string[] = [];
  const figures = await loadWithRequests({
    ...{ url: server.url, key: 'k', perSecond: 50, seconds: 1, postEvery: 10 },
    bodyOf: () => ({}),
    onPosted: (id) => posted.push(id),
  });
  await server.stop();
  expect(figures.requests).toBe(50);
  expect(figures.get.requests + figures.post.requests).toBe(50);
  expect(posted).toHaveLength(figures.post.requests);
  expect(figures.errors).toEqual({});
  expect(figures.get.worstMs).toBeGreaterThanOrEqual(STANDS_MS / 2);
});

it('a percentile is one of the numbers', () => {
  expect([0.5, 0.99, 1].map((share) => percentile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
  expect(percentile([], 0.5)).toBeNaN();
});
