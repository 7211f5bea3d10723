import { askRedis, type RedisAnswer } from './ask-redis.js';

/** How each kind of value is read whole. */
const READERS: Readonly<Record<string, (key: string) => string[]>> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  set: (key) => ['SMEMBERS', key],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  stream: (key) => ['XRANGE', key, '-', '+'],
};

/** Every key of a Redis server with its value, as one text in which a test may look for what must not be there. */
export async function readAllRedis(port: number): Promise<string> {
  const answer = await askRedis(port, ['KEYS', '*']);
  const keys = Array.isArray(answer) ? answer.map(String) : [];
  const all: [string, RedisAnswer][] = [];
  for (const key of keys) {
    const type = String(await askRedis(port, ['TYPE', key]));
    if (type === 'none') continue;
    const reader = READERS[type];
    if (reader === undefined) throw new Error(`a value of the kind ${type} cannot be read`);
    all.push([key, await askRedis(port, reader(key))]);
  }
  return JSON.stringify(all, null, 1);
}
