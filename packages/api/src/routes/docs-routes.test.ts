import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('the documentation page', () => {
  it('runs under a policy that lets nothing in from elsewhere and nothing in line', async () => {
    const page = await fetch(`${server.url}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
    const html = await page.text();
    expect(html).not.toMatch(/<script>|<style|style=|onload=|https?:/);
  });

  it('finds each of its files here', async () => {
    const html = await (await fetch(`${server.url}/docs`)).text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files).toContain('/docs/swagger-ui-bundle.js');
    for (const file of files) {
      const answer = await fetch(`${server.url}${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    expect((await fetch(`${server.url}/docs/package.json`)).status).toBe(404);
  });
});
