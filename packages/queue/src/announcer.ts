import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { BundleFacts, WorkerFacts } from '@styleflow/contracts';
import { type Logger, VERSION } from '@styleflow/runtime';
import type { Announcements } from './ports/announcements.js';

/** Facts stay visible for a minute, so three announcements may be lost. */
const ANNOUNCE_EVERY_MS = 15_000;

interface AnnouncerOptions {
  readonly announcements: Announcements;
  readonly logger: Logger;
  readonly kind: WorkerFacts['kind'];
  /** The facts beyond where and since when the process runs. Asked for at every announcement. */
  readonly facts: () => Omit<WorkerFacts, 'id' | 'kind' | 'version' | 'host' | 'pid' | 'startedAt'>;
  /** The bundle that this process serves, told again to a Redis that has forgotten it; null while there is none. */
  readonly served?: () => BundleFacts | null;
  /** By default a new id, so that a process that starts again counts as another. */
  readonly id?: string;
  /** Whether the first announcement may be lost in an outage, as later ones may. Otherwise it must succeed. */
  readonly mayStartUnheard?: boolean;
  readonly everyMs?: number;
}

export interface Announcer {
  /** Announces a change at once. Never rejects. */
  tell(): Promise<void>;
  /** Stops announcing and withdraws the facts. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Announces this process in `/v1/system` until `stop`. Announcements and the withdrawal may be lost in an outage: the
 * facts of a silent process disappear within a minute.
 * @throws JobError `queue_unavailable` when the first announcement must succeed and does not
 */
export async function startAnnouncer(options: AnnouncerOptions): Promise<Announcer> {
  const { announcements, logger, kind, facts, served, id = randomUUID(), everyMs = ANNOUNCE_EVERY_MS } = options;
  const startedAt = new Date().toISOString();
  const lasting = { id, kind, version: VERSION, host: hostname(), pid: process.pid, startedAt };
  const noun = kind === 'api' ? 'process' : 'worker';
  const announce = async (): Promise<void> => {
    await announcements.announce({ ...lasting, ...facts() });
    const bundle = served?.() ?? null;
    if (bundle !== null) await announcements.recallBundle(bundle);
  };
  const tell = (): Promise<void> =>
    announce().catch((error: unknown) => logger.warn({ err: error }, `could not announce this ${noun}`));
  await (options.mayStartUnheard ? tell() : announce());
  const timer = setInterval(() => void tell(), everyMs);
  return {
    tell,
    async stop() {
      clearInterval(timer);
      await announcements
        .withdraw(id)
        .catch((error: unknown) => logger.warn({ err: error }, `could not withdraw this ${noun}`));
    },
  };
}
