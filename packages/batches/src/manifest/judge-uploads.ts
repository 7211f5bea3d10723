import type { ManifestFault } from '@styleflow/contracts';
import type { SubmissionClaims } from '@styleflow/queue';
import { mapBounded } from '@styleflow/runtime';
import { type ObjectStore, uploadKey } from '@styleflow/storage';
import type { ManifestItem } from './batch-item.js';
import { rowFault } from './manifest-fault.js';

/** Questions to Redis and store at once. */
const AT_ONCE = 16;

/** What is wrong with the uploads that these items name, in their order; null where nothing is. */
export function judgeUploads(
  ports: { readonly claims: Pick<SubmissionClaims, 'ownsUpload'>; readonly store: Pick<ObjectStore, 'head'> },
  owner: string,
  items: readonly ManifestItem[],
): Promise<(ManifestFault | null)[]> {
  return mapBounded(items, AT_ONCE, async ({ source, line }) => {
    if (source.type !== 'upload') return null;
    const { uploadId } = source;
    // Another's upload is answered like one that never was.
    const object = (await ports.claims.ownsUpload(uploadId, owner))
      ? await ports.store.head(uploadKey(owner, uploadId))
      : null;
    if (object === null) {
      return rowFault(line, `the upload ${uploadId} has expired, was never made, or holds no file yet`, 'source');
    }
    return object.bytes === 0 ? rowFault(line, `the upload ${uploadId} is empty`, 'source') : null;
  });
}
