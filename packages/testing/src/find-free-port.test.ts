import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findFreePort } from './find-free-port.js';

describe('a free port', () => {
  it('is another one at each call, outside the range that outgoing connections take theirs from', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => findFreePort()));
    expect(new Set(ports).size).toBe(200);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('is not given to another process, whether anybody listens on it or not', async () => {
    const module = new URL('./find-free-port.js', import.meta.url).href;
    const code = `
      import { findFreePort } from ${JSON.stringify(module)};
      const ports = await Promise.all(Array.from({ length: 300 }, () => findFreePort()));
      console.log(JSON.stringify(ports));`;
    const ours = new Set(await Promise.all(Array.from({ length: 300 }, () => findFreePort())));
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
    // By chance alone about five of them would be among our ports.
    expect((JSON.parse(stdout) as number[]).filter((port) => ours.has(port))).toEqual([]);
  });

  it('can be listened on', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    expect(server.address()).toMatchObject({ port });
    await new Promise((resolve) => server.close(resolve));
  });
});
