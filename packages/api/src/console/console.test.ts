import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

/** What a first visit may weigh, compressed, in bytes. */
const FIRST_LOAD_MAX = 250_000;

let server: TestServer;
let page: string;
beforeAll(async () => {
  server = await startTestServer();
  page = await (await fetch(server.url)).text();
});
afterAll(() => server.stop());

/** What the page loads before anything is clicked. */
const filesOf = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path = '']) => path);

it('the page runs and loads nothing but its own files', async () => {
  const { headers } = await fetch(server.url);
  const policy = headers.get('Content-Security-Policy') ?? '';
  expect(policy).not.toMatch(/unsafe|\*|data:/);
  for (const rule of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy).toContain(rule);
  }
  expect(policy).toContain(`connect-src 'self' ${server.url}`);
  expect(headers.get('Cache-Control')).toBe('no-cache');
  expect(page).not.toMatch(/https?:\/\//);
  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
});

it('its files are compressed, named by their digest and kept for ever', async () => {
  for (const path of filesOf(page)) {
    const response = await fetch(`${server.url}/${path}`, { headers: { 'Accept-Encoding': 'br' } });
    expect(response.headers.get('Content-Encoding')).toBe('br');
    expect(response.headers.get('Cache-Control')).toContain('immutable');
    const tag = response.headers.get('ETag') ?? '';
    expect(
      (await fetch(`${server.url}/${path}`, { headers: { 'If-None-Match': tag, 'Accept-Encoding': 'br' } })).status,
    ).toBe(304);
  }
  expect((await fetch(`${server.url}/assets/..%2Findex.html`)).status).toBe(404);
});

it('a first visit weighs less than 250 kB', async () => {
  const bodies = await Promise.all(
    filesOf(page).map(async (path) => (await fetch(`${server.url}/${path}`)).arrayBuffer()),
  );
  const sizes = bodies.map((body) => brotliCompressSync(Buffer.from(body)).length);
  expect(sizes.length).toBeGreaterThan(2);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_MAX);
});
