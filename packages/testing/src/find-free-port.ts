import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every usual range of ephemeral ports (Linux 32768 up, others 49152 up): a port from there may become some
 * connection's own end between its choice here and its use, or while the server that has it is killed and restarted.
 */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 100;

/**
 * A port of loopback that nobody listens on, that no outgoing connection takes by itself, and that no other call gets
 * while this process lives, neither here nor in another test process: who starts a server minutes later finds it free.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if ((await claim(port)) && (await canListen(port))) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

const claimed = new Set<number>();

/** Binds an abstract socket with the port's name (Linux): atomic among processes, and given back by the process's end. */
function claim(port: number): Promise<boolean> {
  if (claimed.has(port)) return Promise.resolve(false);
  claimed.add(port);
  return new Promise((resolve) => {
    const server = createServer().unref();
    // Where there are no abstract sockets a port is claimed within this process alone.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen(`\0styleflow-test-port-${port}`, () => resolve(true));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
