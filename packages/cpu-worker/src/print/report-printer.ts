import type { JobRun } from '@styleflow/contracts';
import type { ReportQueue } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import { type ObjectStore, reportKey, reportPdfKey } from '@styleflow/storage';
import { type Chromium, openChromium, printPage } from './chromium.js';

/** A browser takes a core and some 300 MB while it prints. */
const AT_ONCE = 1;

export interface PrinterPorts {
  readonly reports: ReportQueue;
  readonly store: Pick<ObjectStore, 'get' | 'head' | 'put'>;
  readonly scratch: { withFolder<T>(task: (folder: string) => Promise<T>): Promise<T> };
  readonly logger: Logger;
}

export interface PrinterOptions {
  readonly searchPath: string;
  /** Print without the browser's sandbox where it cannot be had. */
  readonly withoutSandbox: boolean;
}

export interface ReportPrinter {
  /** Whether there is a browser that prints here. */
  readonly prints: boolean;
  close(graceMs: number): Promise<void>;
}

/** Makes PDFs of reports where the machine has a browser that may; elsewhere it takes nothing, and says why. */
export function startReportPrinter(ports: PrinterPorts, options: PrinterOptions): ReportPrinter {
  const { reports, logger } = ports;
  const chromium = openChromium(options.searchPath, options.withoutSandbox);
  if (typeof chromium === 'string') {
    logger.info({ why: chromium }, 'no PDFs of reports are made here (docs/report.md)');
    return { prints: false, close: async () => undefined };
  }
  const { path, apart, sandbox } = chromium;
  logger.info(
    { chromium: path, sandbox: sandbox.length === 0, ownNetwork: apart.length > 0 },
    'PDFs of reports are made here',
  );
  const worker = reports.work((run, signal) => printReport(ports, chromium, run, signal), { concurrency: AT_ONCE });
  return { prints: true, close: (graceMs) => worker.close(graceMs) };
}

/** One report: as it is stored → PDF beside it. A report that is gone, or was printed meanwhile, needs nothing. */
async function printReport(
  { store, scratch, logger }: PrinterPorts,
  chromium: Chromium,
  { job, run }: JobRun,
  signal: AbortSignal,
): Promise<void> {
  if ((await store.head(reportPdfKey(job))) !== null) return;
  const page = await store.get(reportKey(job));
  if (page === null) return;
  const started = performance.now();
  const pdf = await scratch.withFolder((folder) => printPage(chromium, page, { folder, signal }));
  await store.put(reportPdfKey(job), pdf, 'application/pdf');
  const seconds = (performance.now() - started) / 1000;
  logger.info({ job, run, bytes: pdf.length, seconds }, 'report printed');
}
