import { hostname } from 'node:os';
import { type Announcements, type Announcer, startAnnouncer } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';

/** Announces this process in `/v1/system` until `stop`. An outage, even one at the start, is logged and survived. */
export function announceProcess(announcements: Announcements, logger: Logger): Promise<Announcer> {
  return startAnnouncer({
    announcements,
    logger,
    kind: 'api',
    facts: () => ({ health: 'ready' }),
    id: `api-${hostname()}-${process.pid}`,
    mayStartUnheard: true,
  });
}
