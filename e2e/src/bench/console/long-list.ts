import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundleFacts, JobOptionsSchema, mintJobId, type Verdict } from '@styleflow/contracts';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { type ConsolePage, openConsole } from '../../system/console-page.js';
import { startSystem } from '../../system/system.js';
import { redisSize } from '../batches/read-redis.js';
import { scrollPage } from './scroll-page.js';

const AT_ONCE = 64;
/** Of 200 jobs one is called fake: rare enough that a page of them lies across many of the list. */
const FAKE_OF = 200;
const SCROLL_SECONDS = 6;
const ROWS = "document.querySelectorAll('table.table tbody tr').length";

/**
 * The console's list with so many ended jobs, in a real browser: time from opening to the first row, to the next page, to the first
 * of a rare verdict, and to one by the beginning of a name; frames a second while it is scrolled. Records are written straight to Redis; no video is analysed.
 */
export async function benchLongList(say: (line: string) => void, count: number): Promise<Record<string, unknown>> {
  const system = await startSystem();
  await Promise.all([system.cpuWorker.stop(), system.gpuWorker.stop()]);
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: system.redis.url });
  const queue = await connectQueue(settings, { logger: createLogger('bench', 'error') });
  const downloads = await mkdtemp(join(tmpdir(), 'styleflow-list-'));
  let screen: ConsolePage | undefined;
  try {
    const before = await redisSize(system.redis);
    let next = 0;
    const write = async (): Promise<void> => {
      while (next < count) {
        const n = next++;
        const id = mintJobId();
        const metadata = { file: `video-${String(n).padStart(7, '0')}.mp4` };
        const source = { type: 'upload', uploadId: 'upl_00000000000000000000000000' } as const;
        await queue.records.create({ id, owner: 'local', source, options: OPTIONS, bundle: BUNDLE, metadata });
        await queue.records.beginPrepare({ job: id, run: 1 });
        await queue.records.end(
          { job: id, run: 1 },
          { status: 'succeeded', verdict: verdictOf(n), faces: 1, clips: 3 },
        );
        if (n % 20_000 === 19_999) say(`${n + 1} jobs written`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, write));
    const after = await redisSize(system.redis);

    screen = await openConsole(system.url, downloads);
    const opened = await secondsUntil(screen, () => screen?.open('/jobs'), `${ROWS} > 1`);
    const scrolled = await scrollPage(screen, SCROLL_SECONDS);
    const first = await firstRow(screen);
    const paged = await secondsUntil(screen, () => screen?.press('button', 'Older →'), changed(first));
    const narrowed = await secondsUntil(screen, () => screen?.open('/jobs?verdict=fake'), `${ROWS} > 0`);
    const named = await secondsUntil(screen, () => screen?.open('/jobs?q=video-0000123'), `${ROWS} === 1`);
    return {
      jobs: count,
      seconds: { toFirstRow: opened, toNextPage: paged, toTheFirstOfARareVerdict: narrowed, toOneByItsName: named },
      scrolled,
      redisBytesAJob: Math.round((after.bytes - before.bytes) / count),
      faults: screen.faults,
    };
  } finally {
    await screen?.close();
    await queue.close();
    await system.stop();
    await rm(downloads, { recursive: true, force: true });
  }
}

const OPTIONS = JobOptionsSchema.parse({});
const BUNDLE: BundleFacts = {
  id: 'bench@000000000000',
  digest: '0'.repeat(64),
  variant: 'content',
  precision: 'fp32',
  trained: true,
  threshold: 0.5,
  calibration: { a: 1, b: 0 },
};

function verdictOf(n: number): Verdict {
  const score = n % FAKE_OF === 0 ? 0.9 : (n % 97) / 200;
  return { label: score >= 0.5 ? 'fake' : 'real', score, threshold: 0.5 };
}

const firstRow = ({ page }: ConsolePage): Promise<unknown> =>
  page.evaluate("document.querySelector('table.table tbody tr').innerText");
const changed = (before: unknown): string =>
  `document.querySelector('table.table tbody tr').innerText !== ${JSON.stringify(before)}`;

/** To 20 ms: so often is looked. */
async function secondsUntil(
  { page }: ConsolePage,
  act: () => Promise<void> | undefined,
  expression: string,
): Promise<number> {
  const startedAt = performance.now();
  await act();
  while (!(await page.evaluate(`document.readyState !== 'loading' && (${expression})`).catch(() => false))) {
    if (performance.now() - startedAt > 120_000) throw new Error(`the page never came to ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Math.round(performance.now() - startedAt) / 1000;
}
