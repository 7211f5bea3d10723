import type { UploadParts } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';
import { type KnownUpload, partedUpload } from './known-upload.js';
import { bytesOfPart, countParts } from './part-plan.js';

/** One page of addresses, of parts that are there as well: what is sent again replaces them. */
export async function signParts(
  { store, settings }: ApiPorts,
  known: KnownUpload,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<UploadParts> {
  const plan = partedUpload(known);
  const count = countParts(plan);
  const expiresInSeconds = settings.uploadExpirySeconds;
  const parts: UploadParts['parts'] = [];
  let expiresAt = new Date(Date.now() + expiresInSeconds * 1000);
  for (let part = from; part <= Math.min(count, from + limit - 1); part += 1) {
    const bytes = bytesOfPart(plan, part);
    const signed = await store.parts.sign(plan.upload, { part, bytes, expiresInSeconds });
    parts.push({ part, bytes, url: signed.url, method: signed.method, headers: { ...signed.headers } });
    if (signed.expiresAt < expiresAt) expiresAt = signed.expiresAt;
  }
  return { parts, expiresAt: expiresAt.toISOString(), nextFrom: from + limit > count ? null : from + limit };
}
