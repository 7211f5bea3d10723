import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { openObjectStore, storeSettings } from '@styleflow/storage';
import { makeVideo } from '@styleflow/testing';
import { z } from 'zod';
import { type ConsolePage, openConsole } from '../../system/console-page.js';
import { startSystem } from '../../system/system.js';
import { makeJob, runRealJob } from './made-job.js';
import { type Scrolled, scrollPage } from './scroll-page.js';

/** Ten minutes at 25 frames a second with four faces, and as many clips with twelve. */
const SIZES = [
  { name: 'fourFaces', faces: 4, clips: 468 },
  { name: 'twelveFaces', faces: 12, clips: 167 },
] as const;
const SECONDS = 6;
const SHOWN = "document.querySelectorAll('.jv-clip').length > 0";

/**
 * Opens the job's page and the report of long videos in a real browser, scrolls each from its top to its end and back, and counts the
 * frames. Beside them a page of plain text, as long, in the same browser: what the machine can do.
 */
export async function benchScrolling(say: (line: string) => void): Promise<Record<string, unknown>> {
  const system = await startSystem();
  const settings = parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: system.redis.url });
  const queue = await connectQueue(settings, { logger: createLogger('bench', 'error') });
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-scrolling-'));
  let screen: ConsolePage | undefined;
  try {
    const environment = { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}` };
    const store = await openObjectStore(z.object(storeSettings).parse(environment));
    const real = await runRealJob(system, await makeVideo({ people: ['franck', 'cap12_edit'], frames: 64 }));
    await Promise.all([system.cpuWorker.stop(), system.gpuWorker.stop()]);
    screen = await openConsole(system.url, folder);
    const figures: Record<string, unknown> = {};
    for (const { name, faces, clips } of SIZES) {
      const made = await makeJob(queue, store, real, { faces, clips });
      const path = join(folder, `${name}.html`);
      await writeFile(path, made.report);
      const report = await measure(screen, pathToFileURL(path).href);
      const live = await measure(screen, `${system.url}/#/jobs/${made.id}`);
      const text = join(folder, 'text.html');
      await writeFile(
        text,
        `<!doctype html><main style="height:${live.height}px;overflow:hidden">${'text<br>'.repeat(4000)}</main>`,
      );
      const plain = await measure(screen, pathToFileURL(text).href, 'true');
      say(`${name}: report ${print(report)}; job's page ${print(live)}; plain text ${print(plain)}`);
      const reportMegabytes = Math.round(made.report.length / 10_000) / 100;
      figures[name] = { clips: made.clips, reportMegabytes, report, jobPage: live, plainText: plain };
    }
    return { ...figures, faults: screen.faults };
  } finally {
    await screen?.close();
    await queue.close();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Opened extends Scrolled {
  readonly secondsToOpen: number;
}

/** Opened afresh: what another page has left in memory does not count. */
async function measure({ page }: ConsolePage, url: string, shown = SHOWN): Promise<Opened> {
  await page.goto('about:blank');
  const startedAt = performance.now();
  await page.goto(url, { waitUntil: 'load' });
  for (;;) {
    if (await page.evaluate(shown).catch(() => false)) break;
    if (performance.now() - startedAt > 120_000) throw new Error(`${url} never came to ${shown}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // A frame later it is painted.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const secondsToOpen = Math.round(performance.now() - startedAt) / 1000;
  return { secondsToOpen, ...(await scrollPage({ page }, SECONDS)) };
}

const print = ({ secondsToOpen, framesPerSecond: { mean, median, p5 }, longestFrameMs }: Opened): string =>
  `${secondsToOpen} s to open, ${mean} frames a second (median ${median}, p5 ${p5}), longest frame ${longestFrameMs} ms`;
