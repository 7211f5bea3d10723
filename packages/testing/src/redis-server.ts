import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, spawnTied, waitForOutput } from './child-server.js';
import { findFreePort } from './find-free-port.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the running server; another one after `restart`. */
  readonly pid: number;
  /** Ends the server and deletes its files. */
  stop(): Promise<void>;
  /** Kills it outright, as a crash would; what was written before is on disk. */
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same append-only file (first ends it in order, if it still runs). */
  restart(): Promise<void>;
}

/** Lines of redis.conf, by name. */
type RedisConfig = Readonly<Record<string, string>>;
type ConfigForPort = (port: number) => RedisConfig;

const START_ATTEMPTS = 5;

async function launch(port: number, folder: string, extra: RedisConfig): Promise<ChildProcess> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    // Written before it is answered, so that a killed server has lost nothing; not forced to the disk, which takes seconds
    // while others write much, and a server that is silent for two seconds is down for the product.
    appendfsync: 'no',
    save: '',
    'maxmemory-policy': 'noeviction',
    databases: '4',
    ...extra,
  };
  const child = spawnTied(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { cwd: folder },
  );
  await waitForOutput(child, 'Ready to accept connections');
  return child;
}

/**
 * A real redis-server of the test's own: own port, own folder, append-only, `noeviction`, as the product runs it.
 * It ends with `stop`, and at the latest with this process. `extra` adds to its configuration or overrides it; lines that
 * name the server's port are a function of it, since a start that fails is tried again on another.
 */
export async function startRedis(extra: RedisConfig | ConfigForPort = {}): Promise<RedisServer> {
  const extraFor = typeof extra === 'function' ? extra : () => extra;
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-redis-'));
  let port = 0;
  let child: ChildProcess | undefined;
  for (let attempt = 1; child === undefined; attempt += 1) {
    port = await findFreePort();
    try {
      child = await launch(port, folder, extraFor(port));
    } catch (error) {
      if (attempt === START_ATTEMPTS) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    }
  }
  let running = child;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      if (running.pid === undefined) throw new Error('redis-server never started');
      return running.pid;
    },
    async stop() {
      // Killed, not asked: its files go with it, so there is nothing to save.
      await endChild(running, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
    kill9: () => endChild(running, 'SIGKILL'),
    async restart() {
      await endChild(running, 'SIGTERM');
      running = await launch(port, folder, extraFor(port));
    },
  };
}
