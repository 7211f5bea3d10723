import { execFile } from 'node:child_process';
import { Agent, get } from 'node:http';
import { promisify } from 'node:util';
import { isJobId, type JobId } from '@styleflow/contracts';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { until } from '@styleflow/testing';
import { startSystem } from '../system/system.js';
import { megabytes, residentBytes } from './peak-memory.js';

const run = promisify(execFile);
const JOBS = 200;
const CLIENTS = 2_000;

/** 2,000 clients hold `Prefer: wait=30` on 200 jobs, which then end all at once. */
export async function benchLongPoll(say: (line: string) => void): Promise<Record<string, unknown>> {
  const system = await startSystem();
  // Without workers the jobs wait until this benchmark ends them.
  await system.cpuWorker.stop();
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: system.redis.url });
  const queue = await connectQueue(settings, { logger: createLogger('bench', 'error') });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    const jobs: JobId[] = [];
    for (let n = 0; n < JOBS; n += 1) {
      const { id } = await system.client.submit({ type: 'url', url: `https://example.org/${n}.mp4` });
      if (isJobId(id)) jobs.push(id);
    }
    const before = { api: await residentBytes(system.api.pid), redis: await residentBytes(system.redis.pid) };
    const endedAt = new Map<string, number>();
    const latencies: number[] = [];
    const answers = Array.from({ length: CLIENTS }, async (_, n) => {
      const id = jobs[n % JOBS] ?? '';
      const { status } = await held(`${system.url}/v1/jobs/${id}`, agent);
      latencies.push(performance.now() - (endedAt.get(id) ?? Number.NaN));
      return status;
    });
    await until('all clients wait', async () => (await connectionsTo(system.url)) >= CLIENTS, { timeoutMs: 60_000 });
    // Once the API answers a later request, it has read all of these.
    await system.client.list({ limit: 1 });
    const waiting = {
      api: await residentBytes(system.api.pid),
      redis: await residentBytes(system.redis.pid),
      redisClients: await redisClients(system.redis.port),
    };
    say(
      `waiting: API ${megabytes(waiting.api)} MB, Redis ${megabytes(waiting.redis)} MB with ${waiting.redisClients} connections`,
    );
    await Promise.all(
      jobs.map(async (job) => {
        endedAt.set(job, performance.now());
        await queue.records.end(
          { job, run: 1 },
          { status: 'failed', error: { code: 'internal', message: 'ended by the benchmark' } },
        );
      }),
    );
    const statuses = await Promise.all(answers);
    latencies.sort((a, b) => a - b);
    const at = (share: number): number =>
      Math.round(latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN);
    return {
      clients: CLIENTS,
      answers: countEach(statuses),
      latencyMs: { median: at(0.5), p95: at(0.95), worst: at(1) },
      apiMegabytes: { before: megabytes(before.api), waiting: megabytes(waiting.api) },
      redisMegabytes: { before: megabytes(before.redis), waiting: megabytes(waiting.redis) },
      redisConnections: waiting.redisClients,
    };
  } finally {
    agent.destroy();
    await queue.close();
    await system.stop();
  }
}

function countEach(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function held(url: string, agent: Agent): Promise<{ status: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { prefer: 'wait=30' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text) as { status: string }));
      response.on('error', reject);
    }).on('error', reject);
  });
}

/** Counts established connections on the API's port in the kernel's own table. */
async function connectionsTo(url: string): Promise<number> {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
  const { stdout } = await run('sh', [
    '-c',
    `awk '$2 ~ /:${port}$/ && $4 == "01"' /proc/net/tcp /proc/net/tcp6 2>/dev/null | wc -l`,
  ]);
  return Number(stdout);
}

async function redisClients(port: number): Promise<number> {
  const { stdout } = await run('redis-cli', ['-p', String(port), 'info', 'clients']);
  return Number(/connected_clients:(\d+)/.exec(stdout)?.[1] ?? Number.NaN);
}
