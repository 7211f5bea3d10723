import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';

/** S3 copies at most 5 GiB in one call. */
export const MAX_COPY_BYTES = 5 * 1024 ** 3;
const PIECE_BYTES = 1024 ** 3;

export interface LargeCopy {
  readonly bucket: string;
  /** As `CopySource` names it. */
  readonly source: string;
  readonly to: string;
  readonly bytes: number;
  readonly contentType?: string | undefined;
  readonly pieceBytes?: number;
}

/** Copies an object piece by piece inside the store. What fails leaves no piece behind. */
export async function copyByParts(
  client: S3Client,
  { bucket, source, to, bytes, contentType, pieceBytes = PIECE_BYTES }: LargeCopy,
): Promise<void> {
  const target = { Bucket: bucket, Key: to };
  const begun = await client.send(
    new CreateMultipartUploadCommand({ ...target, ...(contentType && { ContentType: contentType }) }),
  );
  const upload = { ...target, UploadId: begun.UploadId };
  try {
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let from = 0; from < bytes; from += pieceBytes) {
      const range = `bytes=${from}-${Math.min(bytes, from + pieceBytes) - 1}`;
      const piece = { CopySource: source, CopySourceRange: range, PartNumber: parts.length + 1 };
      const copied = await client.send(new UploadPartCopyCommand({ ...upload, ...piece }));
      parts.push({ PartNumber: piece.PartNumber, ETag: copied.CopyPartResult?.ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
