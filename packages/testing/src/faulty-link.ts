import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from './listen-on-loopback.js';

export interface FaultyLink {
  readonly port: number;
  /** How many connections are open now. */
  readonly connections: number;
  /** Cuts every connection and refuses new ones until `restore`. */
  cut(): void;
  /** Keeps connections open but passes no byte until `restore`. Such an outage shows only as silence. */
  stall(): void;
  /** Lets what is asked through and drops what is answered until `restore`: things are done, and nobody hears of it. */
  mute(): void;
  restore(): void;
  stop(): Promise<void>;
}

/** The two ends of one connection. */
interface Pair {
  readonly inner: Socket;
  readonly outer: Socket;
}

/**
 * A TCP link to a server that the test can cut or stall. So one test can make an outage while others use the same
 * server.
 */
export async function startFaultyLink(target: { host?: string; port: number }): Promise<FaultyLink> {
  const pairs = new Set<Pair>();
  let state: 'open' | 'cut' | 'stalled' | 'muted' = 'open';
  const join = ({ inner, outer }: Pair): void => {
    inner.pipe(outer);
    outer.pipe(inner);
  };
  const part = ({ inner, outer }: Pair): void => {
    inner.unpipe(outer).pause();
    outer.unpipe(inner).pause();
  };
  const mute = ({ inner, outer }: Pair): void => {
    inner.unpipe(outer).pipe(outer);
    outer.unpipe(inner).resume();
  };
  const server = createServer((inner) => {
    // Errors of a cut connection are expected; the client sees them.
    inner.on('error', () => inner.destroy());
    if (state === 'cut') {
      inner.resetAndDestroy();
      return;
    }
    const outer = connect(target.port, target.host ?? '127.0.0.1');
    outer.on('error', () => inner.resetAndDestroy());
    const pair = { inner, outer };
    pairs.add(pair);
    inner.once('close', () => {
      pairs.delete(pair);
      outer.destroy();
    });
    outer.once('close', () => inner.destroy());
    if (state === 'open') join(pair);
    if (state === 'muted') mute(pair);
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    get connections() {
      return pairs.size;
    },
    cut() {
      state = 'cut';
      for (const { inner } of pairs) inner.resetAndDestroy();
    },
    stall() {
      state = 'stalled';
      for (const pair of pairs) part(pair);
    },
    mute() {
      state = 'muted';
      for (const pair of pairs) mute(pair);
    },
    restore() {
      if (state === 'stalled') for (const pair of pairs) join(pair);
      // What it did not let through is missing in the middle of a stream, which is of no use any more.
      if (state === 'muted') for (const { inner } of pairs) inner.resetAndDestroy();
      state = 'open';
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { inner } of pairs) inner.destroy();
      await closed;
    },
  };
}
