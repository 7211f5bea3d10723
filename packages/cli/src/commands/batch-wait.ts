import type { Batch, StyleFlowClient } from '@styleflow/client';
import { outcomeOf } from '../batch/batch-outcome.js';
import type { ExitCode } from '../exit-codes.js';
import { followBatch } from '../view/batch-progress.js';
import { printBatch } from '../view/print-batch.js';
import type { ClientFlags } from './client-flags.js';
import { watchInterruption } from './interruption.js';

/** Follows a batch to its end and shows it. An interruption leaves it running, and says how to come back. */
export async function waitForBatch(client: StyleFlowClient, id: string, flags: ClientFlags): Promise<ExitCode> {
  const { signal, release } = watchInterruption(
    `interrupted; the batch goes on. \`npx styleflow batch wait ${id}\` follows it again, \`npx styleflow batch cancel ${id}\` ends it`,
  );
  const screen = followBatch(process.stderr);
  let ended: Batch;
  try {
    ended = await client.batches.wait(id, { onChange: (seen) => screen.show(seen), signal });
  } finally {
    screen.end();
    release();
  }
  showBatch(ended, flags);
  return outcomeOf(ended);
}

export function showBatch(batch: Batch, { json }: ClientFlags): void {
  process.stdout.write(json === true ? `${JSON.stringify(batch)}\n` : `${printBatch(batch).join('\n')}\n`);
}
