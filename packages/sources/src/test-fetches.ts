import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { afterEach, beforeEach } from 'vitest';
import { type FetchUrlOptions, fetchUrl } from './fetch-url.js';

/** For each test a fresh folder, and servers that end with it. */
export function useFetches() {
  const fetches = { folder: '', serve, fetchTo };
  const servers: LoopbackServer[] = [];
  beforeEach(async () => {
    fetches.folder = await mkdtemp(join(tmpdir(), 'styleflow-sources-'));
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await rm(fetches.folder, { recursive: true });
  });

  async function serve(handler: RequestListener): Promise<LoopbackServer> {
    const server = await startHttpServer(handler);
    servers.push(server);
    return server;
  }

  /** Fetches into the file `source` of the folder. */
  function fetchTo(url: string, options: Partial<FetchUrlOptions> = {}) {
    return fetchUrl({
      url,
      toFile: join(fetches.folder, 'source'),
      maxBytes: 1_000_000,
      idleTimeoutMs: 10_000,
      totalTimeoutMs: 20_000,
      allowPrivate: true,
      ports: [80, 443],
      floor: { minBytesPerSecond: 1, windowMs: 30_000 },
      ...options,
    });
  }
  return fetches;
}

export const unreachable = (retryable: boolean) => ({ name: 'JobError', code: 'source_unreachable', retryable });
