import { createServer, type RequestListener } from 'node:http';
import { listenOnLoopback } from './listen-on-loopback.js';

export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops the server and cuts open connections. */
  stop(): Promise<void>;
}

/** An HTTP server on loopback whose answers the test gives. */
export async function startHttpServer(handler: RequestListener): Promise<LoopbackServer> {
  const server = createServer(handler);
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
