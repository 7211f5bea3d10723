import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every usual range of ephemeral ports (Linux: 32768 up, others: 49152 up). A port of such a range may become the
 * local end of a connection between its choice here and its use, or while its server is killed and restarted.
 */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 100;

/**
 * A port of loopback that nobody listens on and that no outgoing connection takes by itself. No other call gets it
 * while this process lives, in this test process or another, so a server can be started on it minutes later.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if ((await claim(port)) && (await canListen(port))) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

const claimed = new Set<number>();

/**
 * Binds an abstract socket (Linux) named after the port. Binding is atomic among processes, and the end of the process
 * undoes it.
 */
function claim(port: number): Promise<boolean> {
  if (claimed.has(port)) return Promise.resolve(false);
  claimed.add(port);
  return new Promise((resolve) => {
    const server = createServer().unref();
    // Where there are no abstract sockets, a port is claimed within this process only.
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
