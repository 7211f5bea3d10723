import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { makeVideo } from '@styleflow/testing';
import { type SystemUnderTest, startSystem } from '../../system/system.js';
import { megabytes, residentBytes } from '../peak-memory.js';
import { cpuSeconds } from '../scale/process-cost.js';
import { redisFigures } from '../scale/redis-figures.js';

/** How often each page of the console asks: see its `REFRESH_MS`. */
const PAGES = [
  { name: 'jobs', path: '/v1/jobs?limit=50', everyMs: 5_000 },
  { name: 'batches', path: '/v1/batches?limit=50', everyMs: 5_000 },
  { name: 'system', path: '/v1/system', everyMs: 3_000 },
] as const;
const VERSION = { path: '/healthz', everyMs: 60_000 };
/** Jobs of which a page that shows one is told by events. */
const FOLLOWED = 40;

/**
 * So many consoles that people have open beside a system that works: a third watches lists, a third the system, a third follows a
 * job by events. They ask as the console's pages do, without a browser. Figures beside the same time without them.
 */
export async function benchOpenConsoles(
  say: (line: string) => void,
  { consoles, minutes }: { readonly consoles: number; readonly minutes: number },
): Promise<Record<string, unknown>> {
  const system = await startSystem();
  const stop = new AbortController();
  // Each console has a call under way that it ends.
  setMaxListeners(0, stop.signal);
  try {
    const video = await makeVideo({ frames: 40 });
    const busy = keepBusy(system, video, stop.signal);
    const without = await measure(system, minutes);
    say(`without a console: API ${without.apiCpuPercent} % of a core, Redis ${without.redisCpuPercent} %`);
    const answers = { count: 0, failed: 0, latencies: [] as number[], events: 0 };
    const jobs = (await system.client.list({ limit: FOLLOWED })).jobs.map(({ id }) => id);
    const open = Array.from({ length: consoles }, (_, n) =>
      n % 3 === 2
        ? followJob(system, jobs[n % Math.max(1, jobs.length)] ?? '', answers, stop.signal)
        : watchPage(system, PAGES[n % 3 === 0 ? (n % 2 === 0 ? 0 : 1) : 2] ?? PAGES[0], answers, stop.signal),
    );
    await pause(5_000);
    const answeredBefore = answers.count;
    const beside = await measure(system, minutes);
    const perSecond = (answers.count - answeredBefore) / (minutes * 60);
    stop.abort();
    await Promise.all([...open, busy]);
    const sorted = answers.latencies.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
    return {
      consoles,
      requestsPerSecond: Math.round(perSecond * 10) / 10,
      failed: answers.failed,
      events: answers.events,
      latencyMs: { median: at(0.5), p95: at(0.95), p99: at(0.99) },
      without,
      beside,
    };
  } finally {
    stop.abort();
    await system.stop();
  }
}

interface Answers {
  count: number;
  failed: number;
  events: number;
  readonly latencies: number[];
}

async function measure({ api, redis }: SystemUnderTest, minutes: number) {
  const [cpu, figures] = [await cpuSeconds(api.pid), await redisFigures(redis)];
  const seconds = minutes * 60;
  await pause(seconds * 1000);
  const [cpuAfter, figuresAfter] = [await cpuSeconds(api.pid), await redisFigures(redis)];
  const percent = (used: number): number => Math.round((used / seconds) * 1000) / 10;
  return {
    apiCpuPercent: percent(cpuAfter.all - cpu.all),
    redisCpuPercent: percent(figuresAfter.cpuSeconds - figures.cpuSeconds),
    redisCommandsPerSecond: Math.round((figuresAfter.commands - figures.commands) / seconds),
    apiMegabytes: megabytes(await residentBytes(api.pid)),
    redisMegabytes: megabytes(await residentBytes(redis.pid)),
  };
}

/** One job after the other, for as long as it is measured. */
async function keepBusy({ client }: SystemUnderTest, video: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { id } = await client.submitFile(video);
    await client.wait(id, { signal }).catch(() => undefined);
  }
}

async function ask(url: string, answers: Answers, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, { signal });
    await response.arrayBuffer();
    if (!response.ok) answers.failed += 1;
  } catch {
    if (signal.aborted) return;
    answers.failed += 1;
  }
  answers.count += 1;
  answers.latencies.push(performance.now() - startedAt);
}

/** A page asks at once, then each time so long after the answer before; the first looks are spread, as people's are. */
async function watchPage(
  { url }: SystemUnderTest,
  { path, everyMs }: { readonly path: string; readonly everyMs: number },
  answers: Answers,
  signal: AbortSignal,
): Promise<void> {
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal }).catch(() => undefined) as Promise<void>;
  await wait(Math.random() * everyMs);
  let versionAt = performance.now() + VERSION.everyMs;
  while (!signal.aborted) {
    await ask(`${url}${path}`, answers, signal);
    if (performance.now() > versionAt) {
      await ask(`${url}${VERSION.path}`, answers, signal);
      versionAt += VERSION.everyMs;
    }
    await wait(everyMs);
  }
}

/** A job's page: one connection on which events come, opened again when it ends. */
async function followJob({ url }: SystemUnderTest, job: string, answers: Answers, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const { body } = await fetch(`${url}/v1/jobs/${job}/events`, { signal });
      for await (const _chunk of body ?? []) answers.events += 1;
    } catch {
      if (signal.aborted) return;
      answers.failed += 1;
    }
    await ask(`${url}/v1/jobs/${job}`, answers, signal);
    await pause(20_000, undefined, { signal }).catch(() => undefined);
  }
}
