import { createServer } from 'node:net';
import { JobError } from '@styleflow/contracts';

/** Any port of 127.0.0.1 that nothing listens on now. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === null) throw new JobError('internal', 'this machine has no free port on 127.0.0.1');
  return port;
}

export async function isPortTaken(port: number): Promise<boolean> {
  return (await tryPort(port)) === null;
}

/** Tries to listen on a port; 0 tries any. @returns the port; null when it is taken. */
function tryPort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}
