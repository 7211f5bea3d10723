import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort, type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

describe('styleflow gpu-worker --all', () => {
  let redis: RedisServer;
  let folder: string;
  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), 'styleflow-cards-'));
    const gpus = '0, GPU-aa, NVIDIA RTX A6000, 49140, 1, 0\n1, GPU-bb, NVIDIA RTX A6000, 49140, 1, 0\n';
    await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\nprintf '${gpus}'\n`, { mode: 0o755 });
  });
  afterAll(async () => {
    await redis?.stop();
    await rm(folder, { recursive: true });
  });

  /** Starts one worker for each of two cards, with simulated devices. */
  function startAll(settings: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [MAIN, 'gpu-worker', '--all'], {
      env: {
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        STYLEFLOW_REDIS_URL: redis.url,
        STYLEFLOW_STORE: `file:${join(folder, 'store')}`,
        STYLEFLOW_SIMULATED_DEVICE: '1+1',
        ...settings,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const hears = (words: string): Promise<unknown> => until(`it says "${words}"`, () => text.includes(words));
    return { child, hears, said: () => text };
  }

  it('runs one worker a card, starts a killed one again, and takes all of them down with it', async () => {
    const { child, hears, said } = startAll();
    await hears('gpu-worker on card 0 is ready');
    await hears('gpu-worker on card 1 is ready');
    // Logs and the message that a worker is ready come by different pipes, so either may come first.
    const pids = await until('both have logged', () => {
      const found = new Set([...said().matchAll(/"pid":(\d+)/g)].map(([, pid]) => Number(pid)));
      return found.size === 2 ? [...found] : null;
    });
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await hears(' is back');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('serves with the other cards while one cannot start, and tries that one again', async () => {
    const { port, blocker } = await twoPorts();
    const { child, hears } = startAll({ STYLEFLOW_ADMIN_PORT: String(port) });
    await hears('gpu-worker on card 0 is ready');
    await hears('gpu-worker on card 1 did not start: ');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    blocker.close();
    await hears('gpu-worker on card 1 is back');
    expect((await fetch(`http://127.0.0.1:${port + 1}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('refuses to start when no card has the name', async () => {
    const child = spawn(process.execPath, [MAIN, 'gpu-worker', '--all'], {
      env: { PATH: `${folder}${delimiter}${process.env.PATH}`, STYLEFLOW_GPU_NAME: 'H100' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toContain('error: internal: no card\'s name contains "H100"');
  });
});

/** Finds a free port, and takes the one after it. */
async function twoPorts(): Promise<{ port: number; blocker: Server }> {
  for (;;) {
    const port = await findFreePort();
    const blocker = createServer();
    const isTaken = await new Promise<boolean>((resolve) => {
      blocker.once('error', () => resolve(false));
      blocker.listen(port + 1, '127.0.0.1', () => resolve(true));
    });
    if (isTaken) return { port, blocker };
  }
}
