import { type BatchId, JobError, MAX_MANIFEST_BYTES, mintBatchId } from '@styleflow/contracts';
import { type BatchRecord, type KeyClaim, sealWebhook, wasNotDone } from '@styleflow/queue';
import { batchPrefix, manifestKey, uploadKey } from '@styleflow/storage';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { chooseBundles } from '../submit/choose-bundle.js';
import { claimKey, keepClaimed, newClaim } from '../submit/claim-key.js';
import { refuseWebhook } from '../submit/refuse-webhook.js';
import { storeManifest, type WantedBatch } from './receive-manifest.js';

interface BatchCall {
  readonly owner: string;
  /** The idempotency key, if the request has one. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes a batch: store its manifest → claim the key → create the record, which settles the claim in the same step. With the record
 * it is accepted; workers read the manifest. What certainly made no batch leaves nothing. Where the answer of Redis was lost, a
 * repetition with the same key goes on under the same id.
 */
export async function submitBatch(ports: ApiPorts, wanted: WantedBatch, call: BatchCall): Promise<BatchRecord> {
  const minted = mintBatchId();
  const drop = (id: BatchId): Promise<unknown> => ports.store.deletePrefix(batchPrefix(id));
  let claim: KeyClaim | undefined;
  let id = minted;
  let mayExist = false;
  try {
    if (wanted.webhook !== undefined) refuseWebhook(wanted.webhook, ports.settings);
    const print = await storeManifest(ports, minted, wanted, call.signal);
    if (call.key !== undefined) {
      const own = newClaim(call.owner, call.key);
      const claimed = await claimKey(ports.claims, own, print, minted);
      if (claimed.outcome === 'same') {
        await drop(minted);
        return await repeatFirst(ports, claimed.job);
      }
      claim = own;
      id = claimed.job;
    }
    return await keepClaimed(ports, claim, async () => {
      const { bundle } = await chooseBundles(ports.announcements, wanted.options, ports.settings);
      if (id !== minted) await ports.store.copy(manifestKey(minted), manifestKey(id));
      await takeManifest(ports, wanted, id, call.owner);
      await ports.store.confirm();
      mayExist = true;
      const { form, options, skipInvalid } = wanted;
      const told = wanted.webhook && sealWebhook(ports.vault, id, wanted.webhook);
      const { owner, key } = call;
      const batch = {
        id,
        owner,
        form,
        options,
        skipInvalid,
        bundle,
        ...told,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      };
      // Where the answer was lost it is asked again: under the same id nothing is made twice.
      const record = await ports.batches.create(batch).catch((error: unknown) => {
        if (wasNotDone(error)) throw error;
        return ports.batches.create(batch);
      });
      ports.logger.info({ batch: id, caller: owner, form }, 'batch accepted');
      if ('uploadId' in wanted.manifest) await dropManifest(ports, owner, wanted.manifest.uploadId);
      if (id !== minted) await drop(minted);
      return record;
    });
  } catch (error) {
    if (mayExist && !wasNotDone(error)) throw error;
    const undo = [
      ...[...new Set([minted, id])].map(drop),
      ...(claim === undefined ? [] : [ports.claims.releaseIdempotency(claim)]),
    ];
    await Promise.all(undo).catch((undoing: unknown) => {
      ports.logger.warn({ err: undoing, batch: minted }, 'what a refused batch left stays where it is');
    });
    throw error;
  }
}

async function repeatFirst({ batches }: ApiPorts, id: BatchId): Promise<BatchRecord> {
  const batch = await batches.read(id);
  if (batch === null || batch.isDeleting) {
    throw new JobError('conflict', 'The batch of this Idempotency-Key is being deleted; try again.');
  }
  return batch;
}

/** An upload becomes the batch's own, which no later PUT can change. */
async function takeManifest(
  { claims, store }: ApiPorts,
  { manifest }: WantedBatch,
  id: BatchId,
  owner: string,
): Promise<void> {
  if (!('uploadId' in manifest)) return;
  const { uploadId } = manifest;
  const isThere =
    (await claims.ownsUpload(uploadId, owner)) && (await store.copy(uploadKey(owner, uploadId), manifestKey(id)));
  if (!isThere) {
    throw new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
  }
  const { bytes } = (await store.head(manifestKey(id))) ?? { bytes: 0 };
  if (bytes === 0) throw invalidRequest('The manifest is empty.', [{ path: 'manifest.uploadId', message: 'empty' }]);
  if (bytes > MAX_MANIFEST_BYTES) {
    throw new JobError('payload_too_large', `A manifest has at most ${MAX_MANIFEST_BYTES} bytes.`);
  }
}

async function dropManifest({ store, logger }: ApiPorts, owner: string, uploadId: string): Promise<void> {
  await store.delete([uploadKey(owner, uploadId)]).catch((error: unknown) => {
    logger.warn({ err: error, upload: uploadId }, 'left a used upload to its retention');
  });
}
