import { startHttpServer } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { loadWithRequests, percentile } from './request-load.js';

it('a server that stands still makes all requests slow that were due meanwhile, since latency counts from when they were due', async () => {
  const STANDS_MS = 300;
  let received = 0;
  const server = await startHttpServer((request, response) => {
    received += 1;
    // The first answer holds the whole loop of the process, as a pause of garbage collection would.
    if (received === 1) for (const until = performance.now() + STANDS_MS; performance.now() < until; );
    response.writeHead(request.method === 'POST' ? 202 : 200).end('{"id":"job_1"}');
  });
  const posted: string[] = [];
  const figures = await loadWithRequests({
    // All are due within 200 ms.
    ...{ url: server.url, key: 'k', perSecond: 50, seconds: 0.2, postEvery: 10 },
    bodyOf: () => ({}),
    onPosted: (id) => posted.push(id),
  });
  await server.stop();
  expect(figures.requests).toBe(10);
  expect(figures.get.requests + figures.post.requests).toBe(10);
  expect(posted).toHaveLength(figures.post.requests);
  expect(figures.errors).toEqual({});
  expect(figures.post.worstMs).toBeGreaterThanOrEqual(STANDS_MS);
  // The last one is due after 180 ms: it waits for the other 120, too.
  expect(figures.post.p50Ms).toBeGreaterThanOrEqual(STANDS_MS - 200);
});

it('a percentile is one of the numbers', () => {
  expect([0.5, 0.99, 1].map((share) => percentile([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
  expect(percentile([], 0.5)).toBeNaN();
});
