import { MAX_BATCH_ITEMS, type ManifestFault } from '@styleflow/contracts';
import { eventLoopTurns } from '@styleflow/runtime';
import type { ManifestItem } from './batch-item.js';
import { rowFault, UnreadableManifest } from './manifest-fault.js';
import { type ItemRules, readItem } from './read-item.js';
import { type ManifestFormat, readManifest } from './read-manifest.js';
import { SeenIds } from './seen-ids.js';

/** What the judge says of one row. */
export interface JudgedRow {
  /** Null where it has faults. */
  readonly item: ManifestItem | null;
  readonly faults: readonly ManifestFault[];
  /** Nothing that follows could be read. */
  readonly isLast?: true;
}

/**
 * Judges a manifest in one pass, row by row, to its end: every fault is told. Besides a row it holds what `SeenIds` needs to find
 * ids that come twice, and it lets the event loop turn between rows, so that a million of them delay nobody.
 */
export async function* judgeManifest(
  bytes: AsyncIterable<Uint8Array>,
  format: ManifestFormat,
  rules: ItemRules,
): AsyncGenerator<JudgedRow, void> {
  const seen = new SeenIds();
  let number = 0;
  const turn = eventLoopTurns();
  try {
    for await (const row of readManifest(bytes, format)) {
      number += 1;
      await turn();
      if (number > MAX_BATCH_ITEMS) {
        throw new UnreadableManifest(rowFault(row.line, `A manifest has at most ${MAX_BATCH_ITEMS} rows.`));
      }
      if (!('cells' in row)) {
        yield { item: null, faults: [row] };
        continue;
      }
      const item = readItem(row, number, rules);
      if (!('id' in item)) {
        yield { item: null, faults: item };
        continue;
      }
      const first = seen.add(item.id, item.line);
      if (first === null) yield { item, faults: [] };
      else yield { item: null, faults: [rowFault(row.line, `"${item.id}" is the id of line ${first} already.`, 'id')] };
    }
    if (number === 0) throw new UnreadableManifest(rowFault(0, 'The manifest has no rows.'));
  } catch (error) {
    if (!(error instanceof UnreadableManifest)) throw error;
    yield { item: null, faults: [error.fault], isLast: true };
  }
}
