import { setTimeout as pause } from 'node:timers/promises';
import { pickFrom, seededRandom } from '@styleflow/testing';
import type { ChaosSystem } from './chaos-system.js';
import type { ClientLog, CreateLog, JobLog } from './client-log.js';
import { createJob, type Way } from './create-job.js';
import { followJob, type Intent } from './follow-job.js';

export interface ClientLoad {
  readonly seed: number;
  readonly minutes: number;
  readonly jobs: number;
  readonly videos: readonly Buffer[];
  /** Serves video N at `/N`. */
  readonly site: string;
  /** Milliseconds since the start of the load. */
  readonly now: () => number;
  /** Aborted when nobody shall ask any more. */
  readonly signal: AbortSignal;
}

const WAYS: readonly Way[] = ['url', 'url', 'url', 'upload', 'multipart'];
/** Of twenty clients. */
const INTENTS: readonly Intent[] = [
  ...Array<Intent>(16).fill('wait'),
  ...(['cancel', 'cancel', 'delete-running', 'delete-ended'] as const),
];
/** The last ones come a little before the end of the faults. */
const SPREAD = 0.95;

/** Clients that come one after the other; `ended` resolves when each has what it wanted, or was told to stop. */
export function runClients(system: ChaosSystem, load: ClientLoad): ClientLog & { readonly ended: Promise<unknown> } {
  const creates: CreateLog[] = [];
  const jobs: JobLog[] = [];
  const toBeDeleted = new Set<string>();
  system.mayDamage = () =>
    jobs.filter(({ id, endsTold }) => endsTold.length === 0 && !toBeDeleted.has(id)).map(({ id }) => id);

  const runClient = async (n: number): Promise<void> => {
    const random = seededRandom(load.seed, `client ${n}`);
    await pause((n / load.jobs) * load.minutes * 60_000 * SPREAD);
    const video = Math.floor(random() * load.videos.length);
    const callers = { apis: system.apis, random, signal: load.signal };
    const wish = {
      token: `s${load.seed}-${n}`,
      way: pickFrom(WAYS, random),
      video,
      url: `${load.site}/${video}`,
      file: load.videos[video] ?? Buffer.alloc(0),
      isKeyed: random() < 0.5,
    };
    const intent = pickFrom(INTENTS, random);
    let { token } = wish;
    const id = await createJob(wish, callers, (create) => {
      creates.push(create);
      token = create.token;
    });
    if (id === null) return;
    if (intent.startsWith('delete')) toBeDeleted.add(id);
    const log: JobLog = {
      id,
      token,
      acceptedAtMs: load.now(),
      endsTold: [],
      firstEndAtMs: null,
      goneTold: 0,
      cancel: 'no',
      deletion: 'no',
    };
    jobs.push(log);
    await followJob(log, intent, callers, load.now);
  };
  return { creates, jobs, ended: Promise.all(Array.from({ length: load.jobs }, (_, n) => runClient(n))) };
}
