import { connect, createServer, type Socket } from 'node:net';
import { until } from './until.js';

/** False once the process is gone (or was never there). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Kills one process outright and waits until it is gone. */
export async function killProcess(pid: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal);
  await until(`process ${pid} is gone`, () => !isAlive(pid));
}

export interface FaultyLink {
  readonly port: number;
  /** Open connections right now. */
  readonly connections: number;
  /** Cuts every connection and refuses new ones until `restore`. */
  cut(): void;
  /** Keeps connections open but lets no byte pass until `restore`: an outage that shows only as silence. */
  stall(): void;
  restore(): void;
  stop(): Promise<void>;
}

/**
 * A TCP connection to a server that the test can cut or stall, so that an outage can be made for one test while others
 * use the same server.
 */
export async function startFaultyLink(target: { host?: string; port: number }): Promise<FaultyLink> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'stalled' = 'open';
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    // A cut connection is what this link is for; who is connected sees the error.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((inner) => {
    hold(inner);
    if (state === 'cut') {
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(target.port, target.host ?? '127.0.0.1');
    hold(outer);
    inner.once('close', () => outer.destroy());
    outer.once('close', () => inner.destroy());
    inner.pipe(outer);
    outer.pipe(inner);
    if (state === 'stalled') for (const socket of [inner, outer]) socket.pause();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
  return {
    port: address.port,
    get connections() {
      return sockets.size / 2;
    },
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.resetAndDestroy();
    },
    stall() {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    restore() {
      if (state === 'stalled') for (const socket of sockets) socket.resume();
      state = 'open';
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
