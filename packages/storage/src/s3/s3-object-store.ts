import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { JobError } from '@styleflow/contracts';
import { metrics, resumedStream } from '@styleflow/runtime';
import { checkPrefix } from '../keys/check-key.js';
import { probeKey } from '../keys/object-keys.js';
import { guardStream } from '../port/guard-stream.js';
import { meterBody } from '../port/meter-body.js';
import type { ObjectFacts, ObjectStore, ReadObject, SignedUpload } from '../port/object-store.js';
import type { PartUploads } from '../port/part-uploads.js';
import { copyByParts, MAX_COPY_BYTES } from './copy-by-parts.js';
import { openS3Client, type S3ObjectStoreOptions } from './s3-client.js';
import { isAbsence, s3Outage } from './s3-failure.js';
import { s3PartUploads } from './s3-part-uploads.js';

/**
 * A stream holds at most two parts: one is sent while one is filled. S3 takes 10,000 parts, so objects of up to 80 GB.
 */
const PART_BYTES = 8 * 1024 * 1024;
/** Only one, since another part could arrive after a failed upload has been aborted, and would be stored for ever. */
const PARTS_AT_ONCE = 1;
/** S3 deletes at most this many keys in one call. */
const KEYS_PER_DELETE = 1000;

/** Objects in a bucket of any server that speaks S3. */
export class S3ObjectStore implements ObjectStore {
  readonly address: string;
  readonly parts: PartUploads;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: ReturnType<typeof openS3Client>;
  readonly #signer: ReturnType<typeof openS3Client>;

  constructor(options: S3ObjectStoreOptions) {
    this.#bucket = options.bucket;
    this.#prefix = options.prefix ? `${options.prefix}/` : '';
    this.address = `s3://${options.bucket}${options.prefix ? `/${options.prefix}` : ''}`;
    this.#client = openS3Client(options, options.endpoint);
    this.#signer = options.publicEndpoint === undefined ? this.#client : openS3Client(options, options.publicEndpoint);
    this.parts = s3PartUploads({
      client: this.#client,
      address: this.address,
      bucket: this.#bucket,
      prefix: this.#prefix,
      signPut: (command, expiresInSeconds, bytes) => this.#signPut(command, expiresInSeconds, bytes),
    });
  }

  async put(key: string, body: Uint8Array | string, contentType: string): Promise<void> {
    const target = this.#at(key);
    await this.#call(() =>
      this.#client.send(new PutObjectCommand({ ...target, Body: body, ContentType: contentType })),
    );
    metrics.bytesStored(Buffer.byteLength(body));
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ bytes: number; sha256: string }> {
    const metered = meterBody(body, options);
    const upload = new Upload({
      client: this.#client,
      // When the body throws, the upload fails and removes the parts that it has sent.
      params: {
        ...this.#at(key),
        Body: Readable.from(metered.chunks, { objectMode: false }),
        ContentType: options.contentType,
      },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    });
    try {
      await upload.done();
    } catch (error) {
      throw metered.failure === undefined ? this.#outage(error) : metered.failure.thrown;
    }
    const total = metered.total();
    metrics.bytesStored(total.bytes);
    return total;
  }

  async get(key: string): Promise<Buffer | null> {
    const found = await this.getStream(key);
    if (found === null) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of found.stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async getStream(key: string, signal?: AbortSignal): Promise<ReadObject | null> {
    signal?.throwIfAborted();
    const options = signal ? { abortSignal: signal } : {};
    const command = new GetObjectCommand(this.#at(key));
    const found = await this.#find(() => this.#client.send(command, options), signal);
    if (found === null) return null;
    const bytes = found.ContentLength ?? 0;
    // In Node the SDK gives the response's own stream.
    const body = resumedStream(found.Body as Readable, {
      bytes,
      reopen: (from) => this.#rest(key, { from, etag: found.ETag }, options),
    });
    const stream = guardStream(body, { bytes, toError: (cause) => this.#outage(cause), signal });
    // An object that the store encrypts by a key of its own service has an ETag that says nothing of its bytes.
    const isTold = !found.SSECustomerAlgorithm && !found.ServerSideEncryption?.startsWith('aws:kms');
    const etag = isTold ? found.ETag : undefined;
    return { stream, bytes, contentType: found.ContentType ?? 'application/octet-stream', etag };
  }

  async head(key: string): Promise<ObjectFacts | null> {
    const found = await this.#find(() => this.#client.send(new HeadObjectCommand(this.#at(key))));
    if (found === null) return null;
    return { key, bytes: found.ContentLength ?? 0, modifiedAt: found.LastModified ?? new Date(0) };
  }

  async *list(prefix: string): AsyncIterable<ObjectFacts> {
    for await (const page of this.#pages(prefix)) yield* page;
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += KEYS_PER_DELETE) {
      const objects = keys.slice(from, from + KEYS_PER_DELETE).map((key) => ({ Key: this.#at(key).Key }));
      const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects: objects, Quiet: true } });
      const { Errors: errors = [] } = await this.#call(() => this.#client.send(command));
      const real = errors.find((error) => error.Code !== 'NoSuchKey');
      if (real !== undefined) throw this.#outage(new Error(`an object could not be deleted: ${real.Code}`));
    }
  }

  async deletePrefix(prefix: string): Promise<number> {
    let deleted = 0;
    for await (const page of this.#pages(checkPrefix(prefix))) {
      await this.delete(page.map((facts) => facts.key));
      deleted += page.length;
    }
    return deleted;
  }

  async copy(from: string, to: string): Promise<boolean> {
    const command = new CopyObjectCommand({ ...this.#at(to), CopySource: this.#source(from) });
    return (
      (await this.#find(() => this.#client.send(command).catch((error) => this.#copyLarge(error, from, to)))) !== null
    );
  }

  signUpload(key: string, options: Parameters<ObjectStore['signUpload']>[1]): Promise<SignedUpload> {
    const { expiresInSeconds, bytes } = options;
    const length = bytes === undefined ? {} : { ContentLength: bytes };
    return this.#signPut(new PutObjectCommand({ ...this.#at(key), ...length }), expiresInSeconds, bytes);
  }

  /** There is no other store behind the same address, as far as this one knows. */
  async confirm(): Promise<void> {}

  async check(): Promise<void> {
    const key = probeKey(randomUUID());
    await this.put(key, key, 'text/plain');
    const found = await this.get(key);
    await this.delete([key]);
    if (found?.toString() !== key) throw this.#outage(new Error('what is written cannot be read'));
  }

  async close(): Promise<void> {
    this.#client.destroy();
    this.#signer.destroy();
  }

  async #signPut(
    command: PutObjectCommand | UploadPartCommand,
    expiresIn: number,
    bytes: number | undefined,
  ): Promise<SignedUpload> {
    const signingDate = new Date();
    const options = { expiresIn, signingDate };
    const url = await this.#call(() =>
      command instanceof PutObjectCommand
        ? getSignedUrl(this.#signer, command, options)
        : getSignedUrl(this.#signer, command, options),
    );
    // A signature is dated in whole seconds, and its time counts from there.
    const expiresAt = new Date((Math.floor(signingDate.getTime() / 1000) + expiresIn) * 1000);
    return { url, method: 'PUT', headers: lengthHeader(bytes), expiresAt };
  }

  /** What is too long for one call of copying; everything else that failed has failed. */
  async #copyLarge(error: unknown, from: string, to: string): Promise<unknown> {
    if (isAbsence(error)) throw error;
    const { ContentLength: bytes = 0, ContentType: contentType } = await this.#client.send(
      new HeadObjectCommand(this.#at(from)),
    );
    if (bytes <= MAX_COPY_BYTES) throw error;
    const place = { bucket: this.#bucket, source: this.#source(from), to: this.#at(to).Key };
    await copyByParts(this.#client, { ...place, bytes, contentType });
    return true;
  }

  /** As `CopySource` names it. */
  #source(key: string): string {
    return [this.#bucket, ...this.#at(key).Key.split('/')].map(encodeURIComponent).join('/');
  }

  #at(key: string): { Bucket: string; Key: string } {
    if (key === '') throw new JobError('invalid_request', 'An object needs a key');
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async *#pages(prefix: string): AsyncGenerator<ObjectFacts[], void> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix + prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await this.#call(() => this.#client.send(command));
      yield (page.Contents ?? []).map((object) => ({
        key: (object.Key ?? '').slice(this.#prefix.length),
        bytes: object.Size ?? 0,
        modifiedAt: object.LastModified ?? new Date(0),
      }));
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** The rest of this very object; null when it is another one now, or cannot be had. */
  async #rest(
    key: string,
    { from, etag }: { readonly from: number; readonly etag: string | undefined },
    options: { abortSignal?: AbortSignal },
  ): Promise<Readable | null> {
    if (etag === undefined || options.abortSignal?.aborted) return null;
    const command = new GetObjectCommand({ ...this.#at(key), Range: `bytes=${from}-`, IfMatch: etag });
    try {
      const found = await this.#client.send(command, options);
      const body = found.Body as Readable;
      if (found.ContentRange?.startsWith(`bytes ${from}-`) && found.ETag === etag) return body;
      body.destroy();
      return null;
    } catch {
      // What broke the connection is told, not that it could not be taken up again.
      return null;
    }
  }

  async #find<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
    try {
      return await send();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (isAbsence(error)) return null;
      throw this.#outage(error);
    }
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw this.#outage(error);
    }
  }

  #outage(error: unknown): JobError {
    return s3Outage(this.address, error);
  }
}

/** Part of what is signed. */
function lengthHeader(bytes: number | undefined): Record<string, string> {
  return bytes === undefined ? {} : { 'Content-Length': String(bytes) };
}
