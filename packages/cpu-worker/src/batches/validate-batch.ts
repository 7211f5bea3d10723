import {
  inheritedOptions,
  itemRules,
  judgeEarlier,
  judgeManifest,
  judgeUploads,
  type ManifestItem,
  rowFault,
  type StoredItem,
  wantedOptions,
} from '@styleflow/batches';
import { itemJobId, type ManifestFault } from '@styleflow/contracts';
import { type BatchRecord, ITEMS_PER_PART, sealSource } from '@styleflow/queue';
import { manifestKey } from '@styleflow/storage';
import type { BatchPorts } from './batch-ports.js';
import { claimUploads, dropUploads } from './claim-uploads.js';
import { PartWriter } from './part-writer.js';

/**
 * Judges the manifest of a batch, in one pass and to its end, and lets the batch run or refuses it. Items and faults go to the store
 * part by part. A pass that was lost is begun anew and writes the same.
 */
export async function validateBatch(ports: BatchPorts, batch: BatchRecord, signal: AbortSignal): Promise<void> {
  const { batches, store, logger } = ports;
  const { id, owner, skipInvalid } = batch;
  const items = new PartWriter<StoredItem>(store, id, 'items');
  const faults = new PartWriter<ManifestFault>(store, id, 'faults');
  const manifest = await store.getStream(manifestKey(id), signal);
  let rowsRead = 0;
  let isReadable = manifest !== null;
  let namesUploads = false;
  let held: (ManifestItem | ManifestFault)[] = [];

  /** Uploads and earlier jobs are asked for together; items and faults stay in the order of their rows. */
  async function settle(): Promise<boolean> {
    const found = held.filter((each) => 'id' in each);
    const [uploads, earlier] = await Promise.all([
      judgeUploads(ports, owner, found),
      judgeEarlier(ports, owner, found, (item, earlier) => wantedOptions(batch, item, inheritedOptions(earlier))),
    ]);
    const faultOf = new Map(found.map((item, at) => [item, uploads[at] ?? earlier[at]?.fault ?? null]));
    for (const each of held) {
      const fault = 'id' in each ? (faultOf.get(each) ?? null) : each;
      if (fault !== null) await faults.add(fault);
      else if ('id' in each && (faults.count === 0 || skipInvalid)) {
        namesUploads ||= each.source.type === 'upload';
        const index = items.count;
        const { source } = each;
        const sealed = source.type === 'job' ? {} : sealSource(ports.vault, itemJobId(id, index), source);
        await items.add({ index, ...each, ...sealed });
      }
    }
    held = [];
    return batches.noteRead(id, { rowsRead, faults: faults.count });
  }

  if (manifest === null) await faults.add(rowFault(0, 'The manifest is not in the store any more.'));
  else {
    const rules = await itemRules(ports.announcements, ports.sourceRules, ports.vault);
    for await (const { item, faults: wrong, isLast } of judgeManifest(manifest.stream, batch.form, rules)) {
      signal.throwIfAborted();
      if (isLast === true) isReadable = false;
      else rowsRead += 1;
      if (item !== null) held.push(item);
      held.push(...wrong);
      if (held.length < ITEMS_PER_PART) continue;
      if (!(await settle())) return;
    }
    if (!(await settle())) return;
  }
  if (isReadable && items.count === 0 && faults.count === 0) await faults.add(rowFault(0, 'The manifest has no rows.'));
  await faults.flush();
  if (!isReadable || items.count === 0 || (faults.count > 0 && !skipInvalid)) {
    await items.drop();
    await batches.noteRead(id, { rowsRead, faults: faults.count });
    await batches.refuse(id);
    await store.delete([manifestKey(id)]);
    logger.info({ batch: id, rows: rowsRead, faults: faults.count }, 'batch refused');
    return;
  }
  await items.flush();
  if (namesUploads) await claimUploads(ports, batch, items.count, signal);
  await store.confirm();
  if (!(await batches.accept(id, items.count))) return;
  logger.info({ batch: id, items: items.count, faults: faults.count }, 'batch runs');
  if (namesUploads) await dropUploads(ports, batch, items.count);
  // Its addresses may hold credentials, which the items have sealed.
  await store.delete([manifestKey(id)]);
}
