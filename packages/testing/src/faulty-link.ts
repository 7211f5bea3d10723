import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { listenOnLoopback } from './listen-on-loopback.js';

/** What a slow line does to each piece (up to 64 KB) that passes. */
export interface SlowLine {
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
}

/** Changes a piece on its way, or answers it as it is. `toServer`: sent by who connected. */
export type Spoil = (piece: Buffer, direction: 'toServer' | 'toClient') => Buffer;

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
  /** Each piece waits, and passes no faster than the line's rate, until `restore`. */
  slow(line: SlowLine): void;
  /** Every piece goes through `spoil` until `restore`. */
  corrupt(spoil: Spoil): void;
  /** Ends whatever was done to it. Connections that are still open go on. */
  restore(): void;
  stop(): Promise<void>;
}

/** The two ends of one connection. */
interface Pair {
  readonly inner: Socket;
  readonly outer: Socket;
}

/**
 * A TCP link to a server that the test can cut, stall, slow down or corrupt. So one test can make an outage, for all clients or
 * for one process, while others use the same server.
 */
export async function startFaultyLink(target: { host?: string; port: number }): Promise<FaultyLink> {
  const pairs = new Set<Pair>();
  let isCut = false;
  let isMuted = false;
  let line: SlowLine = {};
  let spoil: Spoil | null = null;
  /** Pieces wait here while the link is stalled. */
  let gate: { readonly opened: Promise<void>; open(): void } | null = null;
  const carry = async (from: Socket, to: Socket, direction: Parameters<Spoil>[1]): Promise<void> => {
    for await (const read of from.iterator({ destroyOnReturn: false })) {
      const piece = read as Buffer;
      const { delayMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = line;
      const lateMs = delayMs + (piece.length / bytesPerSecond) * 1000;
      if (lateMs > 0) await wait(lateMs);
      while (gate !== null) await gate.opened;
      if (to.destroyed) return;
      if (isMuted && direction === 'toClient') continue;
      if (to.write(spoil === null ? piece : spoil(piece, direction))) continue;
      await new Promise<void>((resolve) => {
        to.once('drain', resolve);
        to.once('close', resolve);
      });
    }
    to.end();
  };
  const server = createServer((inner) => {
    // Errors of a cut connection are expected; the client sees them.
    inner.on('error', () => inner.destroy());
    if (isCut) {
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
    outer.once('close', () => inner.destroySoon());
    for (const carried of [carry(inner, outer, 'toServer'), carry(outer, inner, 'toClient')]) {
      // A socket that was cut while it was read; its other end is told above.
      carried.catch(() => inner.destroy());
    }
  });
  const port = await listenOnLoopback(server);
  const restore = (): void => {
    isCut = false;
    // What it did not let through is missing in the middle of a stream, which is of no use any more.
    if (isMuted) for (const { inner } of pairs) inner.resetAndDestroy();
    isMuted = false;
    line = {};
    spoil = null;
    gate?.open();
    gate = null;
  };
  return {
    port,
    get connections() {
      return pairs.size;
    },
    cut() {
      isCut = true;
      for (const { inner } of pairs) inner.resetAndDestroy();
    },
    stall() {
      if (gate !== null) return;
      let open = (): void => {};
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { opened, open };
    },
    mute() {
      isMuted = true;
    },
    slow(asked) {
      line = asked;
    },
    corrupt(asked) {
      spoil = asked;
    },
    restore,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { inner } of pairs) inner.destroy();
      restore();
      await closed;
    },
  };
}
