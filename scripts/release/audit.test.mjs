import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { audit } from './audit.mjs';

/** @type {Array<() => Promise<void>>} */
const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** @param {number} status @param {object} advisories by package */
async function startRegistry(status, advisories) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const isAsked = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk';
      response.writeHead(isAsked ? status : 404, { 'content-type': 'application/json' });
      response.end(isAsked ? JSON.stringify(advisories) : '{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const close = () => new Promise((resolve) => server.close(() => resolve(undefined))).then(() => undefined);
  closing.push(close);
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** @param {string} registry */
async function run(registry) {
  /** @type {string[]} */
  const lines = [];
  const exitCode = await audit({ registry, print: (line) => lines.push(line) });
  return { exitCode, text: lines.join('\n') };
}

/** @param {string} severity */
const hole = (severity) => ({
  sharp: [{ id: 1, url: 'https://example.org/1', title: 'a hole', severity, vulnerable_versions: '<99.0.0', cwe: [] }],
});

describe('the audit', () => {
  it('fails for a grave hole that the registry knows in what is shipped, and only tells a small one', async () => {
    const grave = await run(await startRegistry(200, hole('high')));
    expect(grave.exitCode).toBe(1);
    expect(grave.text).toBe(
      'high: sharp <99.0.0: a hole (https://example.org/1)\naudited: 1 known holes, 1 of them high or critical',
    );
    const small = await run(await startRegistry(200, hole('low')));
    expect(small).toMatchObject({ exitCode: 0, text: expect.stringContaining('low: sharp <99.0.0: a hole') });
  });

  it('passes when none is known', async () => {
    expect(await run(await startRegistry(200, {}))).toEqual({
      exitCode: 0,
      text: 'audited: 0 known holes, 0 of them high or critical',
    });
  });

  it('is no failure where the registry does not offer it or is not reached, and says so', async () => {
    expect(await run(await startRegistry(405, {}))).toMatchObject({
      exitCode: 0,
      text: expect.stringMatching(/^not audited: the registry does not tell of known holes \(.*405/),
    });
    const gone = await startRegistry(200, {});
    await closing.pop()?.();
    expect(await run(gone)).toMatchObject({ exitCode: 0, text: expect.stringMatching(/^not audited: /) });
  });
});
