import { JobError } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';
import { goodParts, type KnownUpload, noUpload, partedUpload } from './known-upload.js';
import { countParts, rangesOf } from './part-plan.js';

/** How many ranges of missing parts are named. */
const NAMED = 10;

/**
 * Makes the parts one object, from which on the upload is like one that came whole. May be repeated.
 * @throws JobError `conflict` while parts are missing, `not_found` when it was submitted since
 */
export async function joinParts({ store }: ApiPorts, known: KnownUpload): Promise<void> {
  const plan = partedUpload(known);
  const isWhole = async (): Promise<boolean> => (await store.head(known.key))?.bytes === known.bytes;
  if (await isWhole()) return;
  const stored = await store.parts.stored(plan.upload);
  if (stored === null) {
    // Another call may have joined them since.
    if (await isWhole()) return;
    throw noUpload(known.uploadId);
  }
  const count = countParts(plan);
  const there = new Set(goodParts(plan, stored));
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((part) => !there.has(part));
  if (missing.length > 0) throw partsMissing(missing);
  try {
    if (await store.parts.join(plan.upload, count)) return;
  } catch (error) {
    // Another call may have joined them, and taken them away, at the same time.
    if (!(await isWhole())) throw error;
  }
  if (!(await isWhole())) throw noUpload(known.uploadId);
}

function partsMissing(missing: readonly number[]): JobError {
  const ranges = rangesOf(missing).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const more = ranges.length > NAMED ? ', …' : '';
  return new JobError(
    'conflict',
    `${missing.length} parts are not there yet: ${ranges.slice(0, NAMED).join(', ')}${more}.`,
  );
}
