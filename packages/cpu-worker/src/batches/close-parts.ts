import { readRows, writeRows } from '@styleflow/batches';
import type { BatchPorts } from './batch-ports.js';

/** Parts of one look. */
const PAGE = 20;

/** Moves the rows of parts of which every item has ended from Redis to the store. True when there was one. */
export async function closeParts(ports: Pick<BatchPorts, 'batches' | 'store'>): Promise<boolean> {
  const { batches } = ports;
  const whole = await batches.wholeParts(PAGE);
  for (const part of whole) {
    const { rev, rows } = await readRows(ports, part.batch, part.part);
    // Whole in the store before Redis drops them; after a crash in between both are repeated.
    if (rev !== null) await writeRows(ports, part.batch, part.part, rows);
    await batches.closePart(part, rev ?? 0);
  }
  return whole.length > 0;
}
