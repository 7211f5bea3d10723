import { StyleFlowClient } from '@styleflow/client';
import { isEnded, type Job } from '@styleflow/contracts';
import { askRedis, type RedisAnswer } from '@styleflow/testing';
import { comparable } from '../system/comparable-result.js';
import type { FinalState, ListedJob } from './audit.js';
import type { ChaosSystem } from './chaos-system.js';
import { unreadiness } from './unreadiness.js';

const PAGE = 200;

/** What API, store and Redis have, each asked by a way of its own. */
export async function readFinalState(system: ChaosSystem): Promise<FinalState> {
  const client = new StyleFlowClient({ api: system.apis[0] ?? '' });
  const jobs = await listJobs(client);
  const listed: ListedJob[] = [];
  for (const job of jobs) listed.push(await lookInto(client, job));
  const objects: string[] = [];
  for await (const { key } of system.store.direct.list('jobs/')) objects.push(key);
  const { port } = system.redis;
  return {
    listed,
    objects,
    recorded: await recordedJobs(port),
    entries: await queueEntries(port),
    unready: await unready(system),
  };
}

export async function listJobs(client: StyleFlowClient): Promise<Job[]> {
  const jobs: Job[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.list({ limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    jobs.push(...page.jobs);
    cursor = page.nextCursor;
  }
  return jobs;
}

async function lookInto(client: StyleFlowClient, job: Job): Promise<ListedJob> {
  const { id, status, error, metadata } = job;
  return {
    id,
    token: typeof metadata.chaos === 'string' ? metadata.chaos : null,
    status,
    error: error === undefined ? null : `${error.code}: ${error.message}`,
    endEvents: isEnded(status) ? await countEnds(client, id) : null,
    result: status === 'succeeded' ? await client.result(id).then(comparable, () => null) : null,
  };
}

/** Null when its events are gone, as they are once the record was archived. */
async function countEnds(client: StyleFlowClient, id: string): Promise<number | null> {
  let count = 0;
  try {
    for await (const event of client.events(id, { signal: AbortSignal.timeout(10_000) })) {
      if (event.type === 'status' && isEnded((event.data as Job).status)) count += 1;
    }
  } catch {
    return null;
  }
  return count === 0 ? null : count;
}

/** Every key that starts so; the braces mean themselves. */
async function keysThatStart(port: number, start: string): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const answer: RedisAnswer = await askRedis(port, ['SCAN', cursor, 'MATCH', `${start}*`, 'COUNT', '1000']);
    const [next, page] = Array.isArray(answer) ? answer : [];
    for (const key of Array.isArray(page) ? page : []) keys.add(String(key));
    cursor = String(next);
  } while (cursor !== '0');
  return [...keys];
}

async function recordedJobs(port: number): Promise<string[]> {
  const hashes = (await keysThatStart(port, '{styleflow}/job/')).map((key) => key.split('/')[2] ?? '');
  const archived = await askRedis(port, ['ZRANGE', '{styleflow}/jobs/archived', '0', '-1']);
  return [...new Set([...hashes, ...(Array.isArray(archived) ? archived.map(String) : [])])];
}

/** BullMQ keeps each entry under `{styleflow}:QUEUE:ID`, and lists of an entry's children and log behind that. */
export async function queueEntries(port: number): Promise<string[]> {
  const keys = await keysThatStart(port, '{styleflow}:');
  return [...new Set(keys.flatMap((key) => /:(job_\w{26}\.[^:]+)/.exec(key)?.[1] ?? []))];
}

async function unready({ processes }: ChaosSystem): Promise<string[]> {
  const says = await Promise.all(processes.map((process) => unreadiness(process)));
  return says.filter((line) => line !== null);
}

/** Keys of objects of jobs that the API does not list. */
export async function orphanedObjects({ store }: ChaosSystem, jobs: readonly Job[]): Promise<string[]> {
  const ids = new Set<string>(jobs.map(({ id }) => id));
  const keys: string[] = [];
  for await (const { key } of store.direct.list('jobs/')) {
    if (!ids.has(key.split('/')[1] ?? '')) keys.push(key);
  }
  return keys;
}
