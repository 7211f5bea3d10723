// @module-tag chromium
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintJobId } from '@styleflow/contracts';
import { reportKey, reportPdfKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programPath } from '../env.js';
import { openScratch } from '../prepare/scratch.js';
import { showReport } from '../report/test-report.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { openChromium } from './chromium.js';
import { startReportPrinter } from './report-printer.js';

let system: TestSystem;
let folder: string;
beforeAll(async () => {
  system = await startTestSystem();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-print-'));
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

const start = async (searchPath = programPath(), withoutSandbox = true) => {
  const scratch = await openScratch(folder, quietLogger);
  const ports = { reports: system.connection.reports, store: system.store, scratch, logger: quietLogger };
  const printer = startReportPrinter(ports, { searchPath, withoutSandbox });
  return {
    printer,
    async stop() {
      await printer.close(10_000);
      await scratch.close();
    },
  };
};

describe('the printer of reports', () => {
  it('makes a PDF of a stored report when it is asked for, runs nothing of it, and leaves nothing behind', async () => {
    const { printer, stop } = await start();
    try {
      expect(printer.prints).toBe(true);
      const job = mintJobId();
      const page = (await showReport({})).replace('</body>', '<script>document.body.innerHTML="x"</script></body>');
      await system.store.put(reportKey(job), page, 'text/html');
      expect(await system.connection.reports.ask({ job, run: 1 })).toBeNull();
      expect(await system.connection.reports.ask({ job, run: 1 })).toBeNull();
      await until('it is printed', async () => (await system.store.head(reportPdfKey(job))) !== null, {
        timeoutMs: 200_000,
      });
      const pdf = (await system.store.get(reportPdfKey(job))) ?? Buffer.of();
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.length).toBeGreaterThan(20_000);
      await until('its folders are gone', async () => {
        const names = await readdir(folder, { recursive: true });
        return !names.some((name) => name.includes('print-'));
      });
    } finally {
      await stop();
    }
  });

  it('takes nothing where there is no browser, nor where it may not go without its sandbox and has none', async () => {
    const { printer, stop } = await start('/nowhere');
    expect(printer.prints).toBe(false);
    await stop();
    const allowed = openChromium(programPath(), false);
    if (process.getuid?.() === 0) expect(allowed).toBe('Chromium has no sandbox here: the process runs as root');
    else expect(allowed).toMatchObject({ sandbox: [] });
  });

  it('tells once why a report could not be printed, and tries anew when it is asked again', async () => {
    const run = { job: mintJobId(), run: 1 };
    let tries = 0;
    const worker = system.connection.reports.work(
      async () => {
        tries += 1;
        throw new Error('the browser is broken');
      },
      { concurrency: 1 },
    );
    await system.connection.reports.ask(run);
    await until(
      'it has failed for good',
      async () => (await system.connection.reports.ask(run)) === 'the browser is broken',
    );
    expect(tries).toBe(2);
    expect(await system.connection.reports.ask(run)).toBeNull();
    await worker.close(1_000);
  });
});
