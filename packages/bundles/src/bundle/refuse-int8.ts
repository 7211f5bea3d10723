import { JobError } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';
import type { OpenedBundle } from './open-bundle.js';

/** What runs a bundle. */
interface Runner {
  /** The required provider. */
  readonly provider: ExecutionProvider;
  /** Whether this processor has VNNI; asked only where a bundle needs it. */
  readonly vnni: () => Promise<boolean>;
}

/**
 * Refuses an int8 bundle where it would be slow or give other numbers: on a card, whose providers hand its layers to the CPU
 * one by one, and with 8-bit weights on a processor without VNNI, which cuts sums off at 16 bits.
 * @throws JobError `internal`, not retryable, with what to serve instead.
 */
export async function refuseInt8({ id, manifest }: OpenedBundle, { provider, vnni }: Runner): Promise<void> {
  if (manifest.precision !== 'int8' || provider === 'simulated') return;
  if (provider !== 'cpu') {
    throw refused(
      `${id} is int8, which is for workers without a card: serve it with STYLEFLOW_EXECUTION_PROVIDERS=cpu, or fp16`,
    );
  }
  if (manifest.int8?.weightBits === 8 && !(await vnni())) {
    throw refused(`${id} has 8-bit weights, and this processor has no VNNI: import it without --int8-vnni`);
  }
}

function refused(message: string): JobError {
  return new JobError('internal', message, { retryable: false });
}
