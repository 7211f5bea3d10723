import { createHash } from 'node:crypto';
import type { BatchId } from '@styleflow/contracts';
import { ITEMS_PER_PART } from '@styleflow/queue';
import { eventLoopTurns } from '@styleflow/runtime';
import { type BatchPart, batchPartKey, type ObjectStore, readWhole } from '@styleflow/storage';

/** A part is what a reader holds at once: some hundred kB, at most 80 MB of the longest rows. */
export const partOf = (index: number): number => Math.floor(index / ITEMS_PER_PART);
export const partsOf = (items: number): number => Math.ceil(items / ITEMS_PER_PART);

const CHECK = /^\{"check":"([0-9a-f]{64})"\}\n/;

/** Writes one part: lines of JSON under a line with the digest of the others. */
export async function writePart(
  store: Pick<ObjectStore, 'put'>,
  batch: BatchId,
  kind: BatchPart,
  part: number,
  values: readonly object[],
): Promise<void> {
  const turn = eventLoopTurns();
  const digest = createHash('sha256');
  const lines: Buffer[] = [];
  for (const value of values) {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    digest.update(line);
    lines.push(line);
    await turn();
  }
  const head = Buffer.from(`{"check":"${digest.digest('hex')}"}\n`);
  await store.put(batchPartKey(batch, kind, part), Buffer.concat([head, ...lines]), 'application/x-ndjson');
}

/**
 * The values of one part; null when it is not there.
 * @throws JobError that `isDamagedObject` knows
 */
export function readPart<T>(
  store: Pick<ObjectStore, 'get'>,
  batch: BatchId,
  kind: BatchPart,
  part: number,
  parse: (value: unknown) => T,
): Promise<T[] | null> {
  return readWhole(store, batchPartKey(batch, kind, part), (bytes) => {
    const text = bytes.toString('utf8');
    const [head = '', digest] = CHECK.exec(text) ?? [];
    const lines = text.slice(head.length);
    if (digest !== digestOf(lines)) throw new Error('its digest is not what was written');
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => parse(JSON.parse(line)));
  });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
