import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every usual range of ephemeral ports (Linux 32768 up, others 49152 up): a port from there may become some
 * connection's own end between its choice here and its use, or while the server that has it is killed and restarted.
 */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 100;

const given = new Set<number>();

/**
 * A port of loopback that nobody listens on, and that no outgoing connection takes by itself. Each call of a process
 * answers another one; other processes choose by chance among 17,000, so a caller that can try again should.
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (given.has(port) || !(await canListen(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
