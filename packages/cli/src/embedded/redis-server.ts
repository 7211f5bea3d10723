import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { JobError } from '@styleflow/contracts';
import { freePort, isPortTaken } from './free-port.js';

export interface RedisServer {
  readonly url: string;
  /** Undefined while it is down. */
  readonly pid: () => number | undefined;
  /** Lets Redis save and end. Resolves when the process has ended. */
  stop(): Promise<void>;
}

/** One redis-server process. */
interface RedisProcess {
  readonly child: ChildProcess;
  readonly gone: Promise<string>;
}

/** A tool of util-linux, which makes the kernel end a child when its parent ends. It exists on Linux only. */
const SETPRIV = '/usr/bin/setpriv';
const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 5;

/** A server that has died is started again after this time, which doubles with each failed start. */
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/**
 * Starts a Redis server on loopback. It has an append-only file in `folder`, a password that only this system knows,
 * and the eviction policy that BullMQ needs. When it dies it is started again, on the same port and file, until it is stopped.
 * `say` is told when it has died, and when it is back.
 * @throws JobError `queue_unavailable` when the server is not installed or does not answer within a minute.
 */
export async function startRedisServer(folder: string, say: (sentence: string) => void): Promise<RedisServer> {
  mkdirSync(folder, { recursive: true });
  const password = randomBytes(24).toString('hex');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      const first = await launch(folder, port, password);
      return supervise(first, () => launch(folder, port, password), {
        url: `redis://:${password}@127.0.0.1:${port}`,
        say,
      });
    } catch (error) {
      // Another program may have taken the port since it was chosen. redis-server then ends at once, and another port
      // is tried.
      if (attempt === START_ATTEMPTS || !(await isPortTaken(port))) throw error;
    }
  }
}

function supervise(
  first: RedisProcess,
  launchAgain: () => Promise<RedisProcess>,
  { url, say }: { readonly url: string; readonly say: (sentence: string) => void },
): RedisServer {
  const stopping = new AbortController();
  let current: RedisProcess | null = null;

  async function follow(running: RedisProcess): Promise<void> {
    current = running;
    const end = await running.gone;
    current = null;
    if (stopping.signal.aborted) return;
    say(`redis-server ended unexpectedly (${end}); starting it again`);
    const next = await startAgain();
    if (next === null) return;
    say('redis-server is back');
    return follow(next);
  }

  async function startAgain(): Promise<RedisProcess | null> {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
      await after(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return null;
      try {
        const next = await launchAgain();
        // Told to stop while it started: it is followed to its end.
        if (stopping.signal.aborted) next.child.kill('SIGTERM');
        return next;
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  }

  const followed = follow(first);
  return {
    url,
    pid: () => current?.child.pid,
    stop: async () => {
      stopping.abort();
      current?.child.kill('SIGTERM');
      await followed;
    },
  };
}

async function launch(folder: string, port: number, password: string): Promise<RedisProcess> {
  const config = join(folder, 'redis.conf');
  writeFileSync(config, settings(folder, port, password), { mode: 0o600 });
  const log = openSync(join(folder, 'redis.log'), 'a');
  const command = existsSync(SETPRIV)
    ? [SETPRIV, '--pdeathsig', 'TERM', 'redis-server', config]
    : ['redis-server', config];
  // Redis gets a process group of its own, so that Ctrl-C does not end it: this process stops it last.
  const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  await answers(port, password, child);
  return { child, gone };
}

function settings(folder: string, port: number, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'save ""',
    'daemonize no',
    '',
  ].join('\n');
}

/** Waits until Redis answers `+PONG`. While it loads the append-only file it answers `-LOADING`. */
async function answers(port: number, password: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  let failure: string | null = null;
  child.once('error', (error) => {
    failure = `redis-server cannot be started (${error.message}); install it with your system's packages`;
  });
  child.once('exit', (code) => {
    failure ??= `redis-server ended at start with code ${code}; its log says why`;
  });
  while (Date.now() < deadline) {
    if (failure !== null) throw new JobError('queue_unavailable', failure);
    if (await ping(port, password)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGKILL');
  throw new JobError('queue_unavailable', 'redis-server did not answer within a minute');
}

function ping(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let text = '';
    const end = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => resolve(false));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('+PONG')) end(true);
      else if (text.split('\r\n').length > 2) end(false);
    });
  });
}
