import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeTlsFiles, redisTlsConfig, startRedis, startTlsSentinel, type TlsFiles, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const REACH = fileURLToPath(new URL('./test-reach.js', import.meta.url));
const run = promisify(execFile);

describe('Redis that speaks TLS alone', () => {
  let files: TlsFiles;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    files = await makeTlsFiles();
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
    await files.remove();
  });

  async function startTls(extra: Readonly<Record<string, string>> = {}): Promise<number> {
    const server = await startRedis((port) => ({ ...redisTlsConfig(files, port), ...extra }));
    closers.push(() => server.stop());
    return server.port;
  }

  /** The answer of redis-cli to a command. */
  async function ask(port: number, ...words: string[]): Promise<string> {
    const trust = ['--tls', '--cacert', files.certificate];
    return (await run('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...trust, ...words])).stdout;
  }

  /**
   * Writes a job over this address and reads it again.
   * @returns its status.
   */
  async function reach(url: string, certificate = files.certificate): Promise<string> {
    const env = { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: certificate };
    return (await run(process.execPath, [REACH, url], { env })).stdout;
  }

  it('is reached as a single server, by who trusts its certificate', async () => {
    const port = await startTls();
    expect(await reach(`rediss://127.0.0.1:${port}`)).toBe('queued');
    await expect(reach(`rediss://127.0.0.1:${port}`, '')).rejects.toThrow(/queue_unavailable/);
  });

  it('is reached behind a sentinel, which is spoken to in the same way', async () => {
    const primary = await startTls();
    const sentinel = await startTlsSentinel(files, primary);
    closers.push(() => sentinel.stop());
    expect(await reach(`rediss-sentinel://127.0.0.1:${sentinel.port}/main`)).toBe('queued');
  });

  it('is reached as a cluster', async () => {
    const port = await startTls({ 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' });
    await ask(port, 'cluster', 'addslotsrange', '0', '16383');
    await until('the cluster serves', async () => (await ask(port, 'cluster', 'info')).includes('cluster_state:ok'));
    expect(await reach(`rediss-cluster://127.0.0.1:${port}`)).toBe('queued');
  });
});
