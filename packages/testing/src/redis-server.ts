import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis, type RedisAnswer } from './ask-redis.js';
import { endChild, spawnTied, waitForOutput } from './child-server.js';
import { findFreePort } from './find-free-port.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Process id of the running server; `restart` changes it. */
  readonly pid: number;
  /** Sends one command, as an operator's hand would. */
  command(...args: string[]): Promise<RedisAnswer>;
  /** Ends the server and deletes its files. */
  stop(): Promise<void>;
  /** Kills the server, as a crash would. What was written before is on disk. */
  kill9(): Promise<void>;
  /**
   * Starts the server again on the same port with the same append-only file. A running server is first ended in order.
   */
  restart(): Promise<void>;
}

/** Lines of redis.conf, by name. */
type RedisConfig = Readonly<Record<string, string>>;
type Variables = Readonly<Record<string, string>>;
type ConfigForPort = (port: number) => RedisConfig;

const START_ATTEMPTS = 5;

async function launch(port: number, folder: string, extra: RedisConfig, variables: Variables): Promise<ChildProcess> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    // Each write reaches the file before it is answered, so a killed server has lost nothing. It is not forced to the
    // disk: that takes seconds while others write much, and the product takes a server that is silent for two seconds
    // for dead.
    appendfsync: 'no',
    save: '',
    'maxmemory-policy': 'noeviction',
    databases: '4',
    ...extra,
  };
  const child = spawnTied(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    { cwd: folder, variables },
  );
  await waitForOutput(child, 'Ready to accept connections');
  return child;
}

/**
 * A real redis-server of the test, with its own port and folder, append-only and `noeviction`, as the product runs it.
 * It ends with `stop`, and at the latest with this process. `extra` adds to its configuration or overrides it. Lines
 * that name the server's port must be a function of it, because a failed start is repeated on another port.
 * `variables` are added to its environment.
 */
export async function startRedis(
  extra: RedisConfig | ConfigForPort = {},
  variables: Variables = {},
): Promise<RedisServer> {
  const extraFor = typeof extra === 'function' ? extra : () => extra;
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-redis-'));
  let port = 0;
  let child: ChildProcess | undefined;
  for (let attempt = 1; child === undefined; attempt += 1) {
    port = await findFreePort();
    try {
      child = await launch(port, folder, extraFor(port), variables);
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
    command: (...args) => askRedis(port, args),
    async stop() {
      // It is killed, not asked to end: its files are deleted, so there is nothing to save.
      await endChild(running, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
    kill9: () => endChild(running, 'SIGKILL'),
    async restart() {
      await endChild(running, 'SIGTERM');
      running = await launch(port, folder, extraFor(port), variables);
    },
  };
}
