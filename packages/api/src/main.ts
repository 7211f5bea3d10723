import { connectQueue } from '@styleflow/queue';
import { createLogger, runMain, runUntilShutdown, sayReady, startAdminServer, startTracing } from '@styleflow/runtime';
import { openObjectStore, recordArchive } from '@styleflow/storage';
import { announceProcess } from './announce-process.js';
import { createApp } from './app.js';
import { readEnv } from './env.js';
import { closeServer, listen } from './http/http-server.js';
import type { ApiPorts } from './ports/api-ports.js';
import { measureSystem } from './system/measure-system.js';

/** What is under way at a shutdown may take this long: orchestrators kill after 30 s. */
const GRACE_MS = 20_000;

runMain(async () => {
  const { settings, api, host } = readEnv();
  const logger = createLogger('api', settings.STYLEFLOW_LOG_LEVEL);
  await startTracing(settings, 'styleflow-api', logger);
  let port = settings.STYLEFLOW_PORT;
  const ownUrl = () => `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  const store = await openObjectStore(settings, { publicUrl: () => settings.STYLEFLOW_PUBLIC_URL ?? ownUrl() });
  const connection = await connectQueue(settings, { logger, archive: recordArchive(store) });
  const changes = await connection.openChanges();
  const { records, lists, claims, announcements, redisHealth, queue, inspector } = connection;

  const stopping = new AbortController();
  const ports: ApiPorts = {
    ...{ records, lists, claims, announcements, redisHealth, queue, inspector },
    ...{ changes, store, settings: api, logger },
    stopping: stopping.signal,
  };
  const app = createApp(ports);
  const listening = await listen(app, port, host);
  port = listening.port;
  const admin = await startAdminServer({
    port: settings.STYLEFLOW_ADMIN_PORT,
    host: settings.STYLEFLOW_ADMIN_HOST,
    health: () => (stopping.signal.aborted ? 'draining' : 'ready'),
    checkReady: async () => {
      await Promise.all([redisHealth.check(), store.check()]);
    },
    measure: () => measureSystem(ports),
  });
  const announcer = await announceProcess(announcements, logger);

  if (api.keys.length === 0) {
    logger.warn(
      { host },
      `no STYLEFLOW_API_KEYS: everyone who reaches ${host} may call; every job belongs to \`local\``,
    );
  }
  logger.info({ url: ownUrl(), store: store.address }, 'serving');
  sayReady(port);

  runUntilShutdown(logger, async () => {
    stopping.abort();
    await closeServer(listening.server, GRACE_MS);
    await announcer.stop();
    await admin.close();
    await changes.close();
    await connection.close();
    await store.close();
  });
});
