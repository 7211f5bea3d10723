import { askRedis, type RedisAnswer, type RedisServer } from '@styleflow/testing';

/** What Redis holds of batches and jobs, read key by key and not by the way of the processes. */
export interface RedisRemains {
  /** Ids of queue entries, of any state. */
  readonly entries: readonly string[];
  /** Jobs of which it holds a record. */
  readonly records: readonly string[];
  /** Jobs of which it only knows that the record lies in the store. */
  readonly archived: readonly string[];
  /** Other keys of batches: `ID`, `ID/rows/PART`, `ID/stored`. */
  readonly batchKeys: readonly string[];
  /** Jobs that the indexes list as unfinished. */
  readonly unfinished: readonly string[];
  /** Entries that stand in the lists of turns; those of entries that were taken go when a further one is added. */
  readonly turns: readonly string[];
  /** Everything else that names a job or a batch: streams, secrets, lists of turns, … */
  readonly otherKeys: readonly string[];
}

const OWN = '{styleflow}/';
const JOB_OR_BATCH = /(?:job|bat)_[0-9A-HJKMNP-TV-Z]{26}/;

export async function readRemains(redis: Pick<RedisServer, 'port'>): Promise<RedisRemains> {
  const { port } = redis;
  const keys = await allKeys(port);
  const entries = keys.flatMap((key) => /^\{styleflow\}:[^:]+:(job_\w{26}\.[^:]+)/.exec(key)?.[1] ?? []);
  const records = keys.flatMap((key) => /^\{styleflow\}\/job\/(job_\w{26})$/.exec(key)?.[1] ?? []);
  const batchKeys = keys.flatMap((key) => /^\{styleflow\}\/batch\/(.+)$/.exec(key)?.[1] ?? []);
  const unfinished: string[] = [];
  for (const status of ['queued', 'preparing', 'scoring']) {
    unfinished.push(...(await members(port, `${OWN}jobs/all/${status}`)));
  }
  const turns: string[] = [];
  for (const key of keys.filter((each) => /^\{styleflow\}\/turns\/.+\/\d$/.test(each))) {
    turns.push(...(await members(port, key)));
  }
  return {
    turns,
    entries: [...new Set(entries)],
    records,
    archived: await members(port, `${OWN}jobs/archived`),
    batchKeys,
    unfinished,
    otherKeys: keys.filter((key) => JOB_OR_BATCH.test(key) && !/^\{styleflow\}(:|\/batch\/|\/job\/[^/]+$)/.test(key)),
  };
}

/**
 * Bytes of all keys together, as Redis counts each, and their number. What it has allocated in all would not do: buffers of connections,
 * scripts and the append-only file come and go by megabytes.
 */
export async function redisSize({ port }: Pick<RedisServer, 'port'>): Promise<{ bytes: number; keys: number }> {
  const keys = await allKeys(port);
  let bytes = 0;
  for (const key of keys) bytes += Number((await askRedis(port, ['MEMORY', 'USAGE', key, 'SAMPLES', '0'])) ?? 0);
  return { bytes, keys: keys.length };
}

async function allKeys(port: number): Promise<string[]> {
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const answer: RedisAnswer = await askRedis(port, ['SCAN', cursor, 'COUNT', '5000']);
    const [next, page] = Array.isArray(answer) ? answer : [];
    for (const key of Array.isArray(page) ? page : []) keys.add(String(key));
    cursor = String(next);
  } while (cursor !== '0');
  return [...keys];
}

/** Of a sorted set, in pages: askRedis reads an answer anew with every piece of it. */
async function members(port: number, key: string): Promise<string[]> {
  const PAGE = 2_000;
  const all: string[] = [];
  for (let from = 0; ; from += PAGE) {
    const page = await askRedis(port, ['ZRANGE', key, String(from), String(from + PAGE - 1)]);
    if (!Array.isArray(page) || page.length === 0) return all;
    all.push(...page.map(String));
  }
}
