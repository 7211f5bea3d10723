import { setTimeout as after } from 'node:timers/promises';
import { type GpuDevice, listGpus } from '@styleflow/inference';
import { type Logger, metrics } from '@styleflow/runtime';

/**
 * As often as Prometheus usually asks. More would cost: one `nvidia-smi` takes about a tenth of a second of one core.
 */
const MEASURE_EVERY_MS = 15_000;

/** What the card answered last. */
export type GpuReading = Pick<GpuDevice, 'memoryUsedBytes' | 'utilization'>;

export interface GpuMeter {
  /** Null before the first measurement and while the card does not answer. */
  latest(): GpuReading | null;
  stop(): void;
}

/**
 * Measures the card's memory and load from now on until `stop`. While the card does not answer both are absent, and the
 * log says so once.
 * @param uuid of the card, as nvidia-smi names it
 */
export function startGpuMeter(uuid: string, logger: Logger, everyMs = MEASURE_EVERY_MS): GpuMeter {
  const stopping = new AbortController();
  let isSilent = false;
  let latest: GpuReading | null = null;
  const measure = async (): Promise<void> => {
    try {
      const gpu = (await listGpus()).find(({ uuid: other }) => other === uuid);
      if (!gpu) throw new Error(`nvidia-smi no longer lists the card ${uuid}`);
      metrics.setGpu(gpu);
      latest = gpu;
      isSilent = false;
    } catch (error) {
      metrics.forgetGpu();
      latest = null;
      if (!isSilent) logger.warn({ err: error }, 'the card could not be measured');
      isSilent = true;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await measure();
      // The next measurement waits for this one, so that a driver that hangs does not collect processes.
      await after(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  };
  void run();
  return { latest: () => latest, stop: () => stopping.abort() };
}
