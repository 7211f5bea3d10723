import { request as ask, createServer } from 'node:http';
import { findFreePort } from '@styleflow/testing';
import { accessesOf, type StoreAccess } from './store-policy.js';

export interface WatchedStore {
  /** The address to give to a process. */
  readonly endpoint: string;
  /** What was asked through it so far. */
  readonly accesses: readonly StoreAccess[];
  stop(): Promise<void>;
}

/** A door to an S3 server that notes what is asked of it. Signatures name the door, so they hold behind it. */
export async function watchStore(endpoint: string): Promise<WatchedStore> {
  const target = new URL(endpoint);
  const accesses: StoreAccess[] = [];
  const server = createServer((incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const copySource = headers['x-amz-copy-source'];
    const isDeletion = method === 'POST' && url.includes('delete');
    const forwarded = ask({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    // Either side may leave in the middle, as clients of a store do.
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    incoming.on('error', () => forwarded.destroy());
    const asked = { method, url, copySource: typeof copySource === 'string' ? copySource : undefined };
    if (!isDeletion) {
      accesses.push(...accessesOf(asked, ''));
      incoming.pipe(forwarded);
      return;
    }
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces);
      accesses.push(...accessesOf(asked, body.toString('utf8')));
      forwarded.end(body);
    });
  });
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accesses,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
