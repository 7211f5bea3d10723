import { connectQueue } from '@styleflow/queue';
import {
  type Closers,
  type Logger,
  openWithClosers,
  ProcessHealth,
  spareDescriptors,
  startAdminServer,
} from '@styleflow/runtime';
import { openMarkedStore, recordArchive } from '@styleflow/storage';
import { announceProcess } from './announce-process.js';
import { createApp } from './app.js';
import type { ApiEnv } from './env.js';
import { closeServer, listen } from './http/http-server.js';
import { OwnAddress } from './http/own-address.js';
import { findingLostJobs } from './jobs/find-lost-job.js';
import type { ApiPorts } from './ports/api-ports.js';
import { measureSystem } from './system/measure-system.js';

/** How long running calls may take at a shutdown. Orchestrators kill after 30 s. */
const GRACE_MS = 20_000;

/** A call and its connection to the store take two or three. */
const SPARE_DESCRIPTORS = 16;

export interface Api {
  readonly port: number;
  /** Lets running calls end within 20 s, then closes everything. */
  stop(): Promise<void>;
}

/** Opens what the routes work with, the server and its admin server. A failed start closes what it has opened. */
export function runApi(env: ApiEnv, logger: Logger): Promise<Api> {
  return openWithClosers((closers) => openApi(env, logger, closers));
}

async function openApi({ settings, api, host }: ApiEnv, logger: Logger, closers: Closers): Promise<Api> {
  const health = new ProcessHealth();
  const stopping = new AbortController();
  const address = new OwnAddress({ host, port: settings.STYLEFLOW_PORT }, settings.STYLEFLOW_PUBLIC_URL);
  const store = await openMarkedStore(settings, { publicUrl: () => address.publicUrl });
  closers.add('store', store, (opened) => opened.close());
  health.require('descriptors', () => spareDescriptors(SPARE_DESCRIPTORS));
  // Without it polls are served all the same, and what needs it answers 503.
  // Before Redis, which may be waited for: until then it tells why.
  let measure = async (): Promise<void> => undefined;
  const admin = await startAdminServer({
    port: settings.STYLEFLOW_ADMIN_PORT,
    host: settings.STYLEFLOW_ADMIN_HOST,
    health: () => health.now,
    readiness: () => health.readiness(),
    measure: () => measure(),
  });
  closers.add('admin server', admin, (opened) => opened.close());
  const connection = await connectQueue(settings, {
    logger,
    archive: recordArchive(store),
    secretKeys: settings.STYLEFLOW_SECRET_KEY,
    untilReached: (reach) => health.reach('redis', reach, { logger }),
  });
  closers.add('queue', connection, (opened) => opened.close());
  health.require('redis', () => connection.redisHealth.check());
  // A store that is away is said until it is there; its first use then finds out that it is the right one.
  const identify = () => store.identify(connection.storeRegister);
  await identify().catch((error: unknown) => {
    logger.error({ err: error }, 'serving without the object store, until it is there');
    void health.reach('store', identify, { logger }).catch(() => undefined);
  });
  health.observe('store', () => store.check());
  const changes = closers.add('changes', await connection.openChanges(), (opened) => opened.close());
  const batchChanges = await connection.openBatchChanges();
  closers.add('batch changes', batchChanges, (opened) => opened.close());
  const records = findingLostJobs({ ...connection, logger });
  const ports: ApiPorts = {
    ...connection,
    records,
    ...{ changes, batchChanges, store, health, settings: api, logger },
    stopping: stopping.signal,
  };
  measure = () => measureSystem(ports);
  const announcer = await announceProcess(connection.announcements, logger);
  closers.add('announcement', announcer, (opened) => opened.stop());
  const listening = await listen(createApp(ports), settings.STYLEFLOW_PORT, host);
  address.listensOn(listening.port);
  closers.add('server', listening.server, async (opened) => {
    health.drain();
    stopping.abort();
    await closeServer(opened, GRACE_MS);
  });

  if (api.keys.length === 0) {
    logger.warn(
      { host },
      `no STYLEFLOW_API_KEYS: everyone who reaches ${host} may call; every job belongs to \`local\``,
    );
  }
  if (api.signingKeys === null) logger.warn('no STYLEFLOW_SIGNING_KEY: results are not signed');
  else logger.info({ kid: api.signingKeys.signer.kid, stamps: api.timeStampUrl !== null }, 'signing results');
  health.serve();
  logger.info({ url: address.localUrl, store: store.address }, 'serving');
  return { port: listening.port, stop: () => closers.closeAll() };
}
