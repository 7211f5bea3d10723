import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '@styleflow/testing';

/**
 * A TCP link to Redis that stops at a chosen spot of the conversation, so that a test can kill a process exactly there.
 */
export interface Tripwire {
  readonly port: number;
  /**
   * Resolves as soon as a client sends `text`, with the bytes around it. These bytes and all later ones of that
   * connection are never delivered: the write that they carry has not happened when the test kills the process.
   */
  arm(text: string): Promise<string>;
  stop(): Promise<void>;
}

interface Wire {
  readonly text: string;
  readonly fire: (around: string) => void;
}

export async function startTripwire(targetPort: number): Promise<Tripwire> {
  const sockets = new Set<Socket>();
  let wire: Wire | null = null;
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    hold(client);
    hold(target);
    client.once('close', () => target.destroy());
    target.once('close', () => client.destroy());
    target.pipe(client);
    let tail = '';
    let isCut = false;
    client.on('data', (chunk) => {
      if (isCut) return;
      // The text may lie across two chunks.
      const seen = tail + chunk.toString('latin1');
      // Only text that ends in the new bytes counts. Older text passed before the wire was armed.
      const at = wire === null ? -1 : seen.indexOf(wire.text, Math.max(0, tail.length - wire.text.length + 1));
      if (wire !== null && at >= 0) {
        isCut = true;
        const { fire } = wire;
        wire = null;
        fire(seen.slice(Math.max(0, at - 300), at + 60));
        return;
      }
      tail = seen.slice(-256);
      if (!target.write(chunk)) {
        client.pause();
        target.once('drain', () => client.resume());
      }
    });
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    arm: (text) =>
      new Promise((resolve) => {
        wire = { text, fire: resolve };
      }),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
