import type { JobRun } from '@styleflow/contracts';

/** Makes one PDF and stores it, or finds that it need not. What it throws is tried again, a few times. */
export type ReportHandler = (run: JobRun, signal: AbortSignal) => Promise<void>;

export interface ReportWorker {
  readonly busy: number;
  /** Lets running work end within the grace, then gives it up: another worker takes it over. */
  close(graceMs: number): Promise<void>;
}

/**
 * The queue of reports that are to be printed.
 *
 * Promises: a run has one entry at a time, however often it is asked for; it survives the loss of its worker; one that failed for
 * good is told once, and begins anew when it is asked for again. Nothing stays behind.
 */
export interface ReportQueue {
  /**
   * Asks for the PDF of a run's report.
   * @returns null while it waits or is made; else why the last try failed.
   * @throws JobError `queue_unavailable`
   */
  ask(run: JobRun): Promise<string | null>;
  /** Takes and works on entries until it is closed. */
  work(handler: ReportHandler, options: { readonly concurrency: number }): ReportWorker;
}
