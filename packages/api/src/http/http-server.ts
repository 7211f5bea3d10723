import { createServer, type RequestListener, type Server } from 'node:http';
import { JobError } from '@styleflow/contracts';
import { SettingsError } from '@styleflow/runtime';
import { answerParserRefusals, withHost } from './parser-refusals.js';

/** Time in which a caller must send its headers. */
const HEADERS_TIMEOUT_MS = 60_000;
/** Longer than common load balancers keep a connection (60 s), so that they are the ones to close it. */
const KEEP_ALIVE_MS = 65_000;
/** Length of the queue of new connections: thousands of pollers may return at the same moment. */
const BACKLOG = 4096;

/**
 * Starts to listen.
 * @returns the port that it got.
 */
export async function listen(
  handler: RequestListener,
  port: number,
  host: string,
): Promise<{ server: Server; port: number }> {
  // There is no time limit for a whole request, because uploads over slow lines take hours. Readers of bodies have an
  // idle limit of their own.
  const server = createServer(
    {
      requestTimeout: 0,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requireHostHeader: false,
    },
    withHost(handler),
  );
  answerParserRefusals(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenRefusal(error, port, host)));
    server.listen({ port, host, backlog: BACKLOG }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return { server, port: address.port };
}

/** The error for a port that cannot be had, and what to do about it. */
function listenRefusal(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const reason = error.code === 'EADDRINUSE' ? 'is in use by another program' : 'may not be used by this user';
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') {
    return new SettingsError(
      `STYLEFLOW_HOST: ${host} is no address of this machine; 127.0.0.1 is this machine alone, 0.0.0.0 every address`,
    );
  }
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  return new JobError('conflict', `port ${port} of ${host} ${reason}; choose another with STYLEFLOW_PORT`, {
    cause: error,
  });
}

/** Takes no more calls, lets running ones finish for `graceMs`, then cuts them. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection whose last call ends after `close` would otherwise stay open for its whole keep-alive time.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const hard = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(hard);
}
