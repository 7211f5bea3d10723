import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type Part,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { SignedUpload } from '../port/object-store.js';
import type { PartUpload, PartUploads } from '../port/part-uploads.js';
import type { openS3Client } from './s3-client.js';
import { isAbsence, s3Outage } from './s3-failure.js';

type S3 = ReturnType<typeof openS3Client>;

/** A bucket, and where in it keys begin. */
export interface S3Place {
  readonly client: S3;
  /** For outages. */
  readonly address: string;
  readonly bucket: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  /** Signs a PUT for the address by which users reach the store. */
  signPut(command: UploadPartCommand, expiresInSeconds: number, bytes: number): Promise<SignedUpload>;
}

/** Parts that were under way when their upload was aborted may still arrive: then it is aborted again, so many times. */
const ABORTS = 3;

/** S3's own multipart uploads. */
export function s3PartUploads({ client, address, bucket, prefix, signPut }: S3Place): PartUploads {
  const at = ({ key, ref }: PartUpload) => ({ Bucket: bucket, Key: prefix + key, UploadId: ref });

  /** Null where there is no such upload. */
  async function reach<T>(send: () => Promise<T>): Promise<T | null> {
    try {
      return await send();
    } catch (error) {
      if (isAbsence(error)) return null;
      throw s3Outage(address, error);
    }
  }

  async function partsOf(upload: PartUpload): Promise<Part[] | null> {
    const parts: Part[] = [];
    let marker: string | undefined;
    do {
      const command = new ListPartsCommand({ ...at(upload), ...(marker && { PartNumberMarker: marker }) });
      const page = await reach(() => client.send(command));
      if (page === null) return null;
      parts.push(...(page.Parts ?? []));
      marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  }

  return {
    async begin(key) {
      const command = new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: prefix + key,
        ContentType: 'application/octet-stream',
      });
      const begun = await reach(() => client.send(command));
      if (begun?.UploadId === undefined) throw s3Outage(address, new Error('it began no upload'));
      return { key, ref: begun.UploadId };
    },

    sign: (upload, { part, bytes, expiresInSeconds }) =>
      signPut(
        new UploadPartCommand({ ...at(upload), PartNumber: part, ContentLength: bytes }),
        expiresInSeconds,
        bytes,
      ),

    async stored(upload) {
      const parts = await partsOf(upload);
      return parts?.map(({ PartNumber: part = 0, Size: bytes = 0 }) => ({ part, bytes })) ?? null;
    },

    async join(upload, count) {
      const parts = await partsOf(upload);
      if (parts === null) return false;
      const joined = parts
        .filter(({ PartNumber: part = 0 }) => part <= count)
        .map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
      const command = new CompleteMultipartUploadCommand({ ...at(upload), MultipartUpload: { Parts: joined } });
      return (await reach(() => client.send(command))) !== null;
    },

    async abort(upload) {
      for (let aborts = 0; aborts < ABORTS; aborts += 1) {
        if ((await reach(() => client.send(new AbortMultipartUploadCommand(at(upload))))) === null) return;
        if (((await partsOf(upload)) ?? []).length === 0) return;
      }
    },

    async *open(of) {
      let marker: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
      while (marker !== null) {
        const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
          Bucket: bucket,
          Prefix: prefix + of,
          ...marker,
        });
        const page = await reach(() => client.send(command));
        for (const { Key: key, UploadId: ref, Initiated: since = new Date(0) } of page?.Uploads ?? []) {
          if (key !== undefined && ref !== undefined) yield { key: key.slice(prefix.length), ref, since };
        }
        marker =
          page?.IsTruncated === true && page.NextKeyMarker !== undefined
            ? {
                KeyMarker: page.NextKeyMarker,
                ...(page.NextUploadIdMarker && { UploadIdMarker: page.NextUploadIdMarker }),
              }
            : null;
      }
    },
  };
}
