import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics } from './metrics.js';
import { SettingsError } from './parse-env.js';
import type { Health, Readiness } from './process-health.js';

export interface AdminServerOptions {
  /** Without it no server is started. 0 takes any free port. */
  readonly port: number | undefined;
  readonly host: string;
  readonly health: () => Health;
  /** What `/readyz` shows. */
  readonly readiness: () => Promise<Readiness>;
  /** Updates gauges before each page of metrics. It must not throw, since the page is needed most during an outage. */
  readonly measure?: () => void | Promise<void>;
}

export interface AdminServer {
  readonly port: number | null;
  close(): Promise<void>;
}

/** `/healthz`, `/startupz`, `/readyz` and `/metrics` of a process, for orchestrators and Prometheus. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  if (options.port === undefined) return { port: null, close: async () => {} };
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch((error: unknown) => {
      send(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenRefusal(error, port, host)));
    server.listen(port, host, resolve);
  });
}

/** Names the setting that is at fault. Where several processes run on one machine, each needs a port of its own. */
function listenRefusal(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new SettingsError(
        `STYLEFLOW_ADMIN_PORT: port ${port} of ${host} is in use by another program; choose another, 0 for any free one`,
      );
    case 'EACCES':
      return new SettingsError(`STYLEFLOW_ADMIN_PORT: port ${port} of ${host} may not be used by this user`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SettingsError(`STYLEFLOW_ADMIN_HOST: ${host} is no address of this machine`);
    default:
      return error;
  }
}

async function answer(
  url: string,
  response: ServerResponse,
  { health, readiness, measure }: AdminServerOptions,
): Promise<void> {
  switch (url.split('?')[0]) {
    case '/healthz':
      return send(response, 200, { health: health() });
    case '/startupz':
      return send(response, health() === 'starting' ? 503 : 200, { health: health() });
    case '/readyz': {
      const found = await readiness();
      return send(response, found.ready ? 200 : 503, found);
    }
    case '/metrics': {
      await measure?.();
      const page = await metrics.page();
      response.writeHead(200, { 'content-type': page.contentType }).end(page.body);
      return;
    }
    default:
      return send(response, 404, { error: 'only /healthz, /startupz, /readyz and /metrics are here' });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
