import { hostname } from 'node:os';
import type { WorkerFacts } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import { type Logger, VERSION } from '@styleflow/runtime';

const EVERY_MS = 15_000;

/** Shows this process in `/v1/system` until the returned function is called. An outage is logged and outlived. */
export function announceProcess(records: JobRecords, logger: Logger): () => Promise<void> {
  const facts: WorkerFacts = {
    id: `api-${hostname()}-${process.pid}`,
    kind: 'api',
    version: VERSION,
    host: hostname(),
    pid: process.pid,
    startedAt: new Date().toISOString(),
    health: 'ready',
  };
  const announce = (): void => {
    records.announce(facts).catch((error: unknown) => logger.warn({ err: error }, 'could not announce this process'));
  };
  announce();
  const timer = setInterval(announce, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await records.withdraw(facts.id);
  };
}
