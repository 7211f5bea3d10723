import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { freePort, isPortTaken } from './free-port.js';

export interface RedisServer {
  readonly url: string;
  readonly child: ChildProcess;
  /** Lets Redis save and end. Resolves when the process has ended. */
  stop(): Promise<void>;
}

/** A tool of util-linux, which makes the kernel end a child when its parent ends. It exists on Linux only. */
const SETPRIV = '/usr/bin/setpriv';
const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 5;

/**
 * Starts a Redis server on loopback. It has an append-only file in `folder`, a password that only this system knows,
 * and the eviction policy that BullMQ needs.
 * @throws JobError `queue_unavailable` when the server is not installed or does not answer within a minute.
 */
export async function startRedisServer(folder: string): Promise<RedisServer> {
  mkdirSync(folder, { recursive: true });
  const password = randomBytes(24).toString('hex');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return await launch(folder, port, password);
    } catch (error) {
      // Another program may have taken the port since it was chosen. redis-server then ends at once, and another port
      // is tried.
      if (attempt === START_ATTEMPTS || !(await isPortTaken(port))) throw error;
    }
  }
}

async function launch(folder: string, port: number, password: string): Promise<RedisServer> {
  const config = join(folder, 'redis.conf');
  writeFileSync(config, settings(folder, port, password), { mode: 0o600 });
  const log = openSync(join(folder, 'redis.log'), 'a');
  const command = existsSync(SETPRIV)
    ? [SETPRIV, '--pdeathsig', 'TERM', 'redis-server', config]
    : ['redis-server', config];
  // Redis gets a process group of its own, so that Ctrl-C does not end it: this process stops it last.
  const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await answers(port, password, child);
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    child,
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
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
