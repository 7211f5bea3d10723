import { createHash } from 'node:crypto';
import {
  BatchBodySchema,
  type BatchId,
  type BatchQuerySchema,
  type GivenOptions,
  GivenOptionsSchema,
  JobError,
  MAX_BATCH_JSON_BYTES,
  MAX_DIRECT_MANIFEST_BYTES,
  type Webhook,
} from '@styleflow/contracts';
import type { ManifestForm } from '@styleflow/queue';
import { manifestKey } from '@styleflow/storage';
import type { Request } from 'express';
import type { z } from 'zod';
import { invalidRequest, parseRequest } from '../http/parse-request.js';
import { parseJson, readChunks, readJsonBody } from '../http/read-body.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { fingerprint } from '../submit/fingerprint.js';
import { uploadFloor } from '../submit/upload-slots.js';

/** What a caller wants to be made a batch. */
export interface WantedBatch {
  readonly form: ManifestForm;
  readonly options: GivenOptions;
  readonly skipInvalid: boolean;
  readonly webhook?: Webhook | undefined;
  /** Where the manifest is: an upload, bytes in memory, or the body, which can be read once. */
  readonly manifest:
    | { readonly uploadId: string }
    | { readonly bytes: Buffer }
    | { readonly body: AsyncIterable<Uint8Array> };
}

type BatchQuery = z.infer<typeof BatchQuerySchema>;

const DIRECT: readonly (readonly [string, ManifestForm])[] = [
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
];

/**
 * Reads a `POST /v1/batches` but for a manifest in its body.
 * @throws JobError `unsupported_type`, `invalid_request`, `payload_too_large`
 */
export async function readWantedBatch(
  { settings }: Pick<ApiPorts, 'settings'>,
  request: Request,
  query: BatchQuery,
): Promise<WantedBatch> {
  const direct = DIRECT.find(([type]) => request.is(type) === type);
  if (direct !== undefined) {
    if (Number(request.headers['content-length'] ?? 0) > MAX_DIRECT_MANIFEST_BYTES) throw tooLarge();
    const given: unknown =
      query.options === undefined ? {} : parseJson(Buffer.from(query.options), 'query field `options`');
    const body = readChunks(request, { idleMs: settings.bodyIdleMs, floor: uploadFloor(settings) });
    return {
      form: direct[1],
      options: parseRequest(GivenOptionsSchema, given, 'query field `options`'),
      skipInvalid: query.skipInvalid === 'true',
      webhook: query.webhookUrl === undefined ? undefined : { url: query.webhookUrl },
      manifest: { body },
    };
  }
  if (!request.is('application/json')) {
    throw new JobError('unsupported_type', 'Send text/csv, application/x-ndjson, or application/json with `manifest`.');
  }
  if (query.options !== undefined) throw invalidRequest('The options stand in the body, where it is JSON.');
  if (query.webhookUrl !== undefined) throw invalidRequest('The webhook stands in the body, where it is JSON.');
  const json = await readJsonBody(request, settings.bodyIdleMs, MAX_BATCH_JSON_BYTES);
  const { manifest, options, skipInvalid, webhook } = parseRequest(BatchBodySchema, json, 'body');
  const isSkipping = skipInvalid || query.skipInvalid === 'true';
  if ('uploadId' in manifest) return { form: 'auto', options, skipInvalid: isSkipping, webhook, manifest };
  const lines = manifest.items.map((item) => `${JSON.stringify(item)}\n`).join('');
  return { form: 'ndjson', options, skipInvalid: isSkipping, webhook, manifest: { bytes: Buffer.from(lines) } };
}

/** Puts a manifest that was sent along into the batch's place. Answers the fingerprint of the request. */
export async function storeManifest(
  { store }: Pick<ApiPorts, 'store'>,
  id: BatchId,
  { manifest, form, options, skipInvalid, webhook }: WantedBatch,
  signal: AbortSignal,
): Promise<string> {
  const print = (of: object): string =>
    fingerprint({ batch: of, form, options, skipInvalid, ...(webhook && { webhook }) });
  if ('uploadId' in manifest) return print(manifest);
  if ('bytes' in manifest) {
    await store.put(manifestKey(id), manifest.bytes, 'application/x-ndjson');
    return print({ sha256: createHash('sha256').update(manifest.bytes).digest('hex') });
  }
  const contentType = form === 'csv' ? 'text/csv' : 'application/x-ndjson';
  try {
    const options = { contentType, maxBytes: MAX_DIRECT_MANIFEST_BYTES, signal };
    const { bytes, sha256 } = await store.putStream(manifestKey(id), manifest.body, options);
    if (bytes > 0) return print({ sha256 });
  } catch (error) {
    throw error instanceof JobError && error.code === 'payload_too_large' ? tooLarge() : error;
  }
  await store.delete([manifestKey(id)]);
  throw invalidRequest('The manifest is empty.', [{ path: 'body', message: 'empty' }]);
}

function tooLarge(): JobError {
  return new JobError(
    'payload_too_large',
    `A manifest in the body has at most ${MAX_DIRECT_MANIFEST_BYTES} bytes; send a longer one by POST /v1/uploads, and {"manifest": {"uploadId": …}}.`,
  );
}
