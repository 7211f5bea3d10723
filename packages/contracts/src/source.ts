import { z } from 'zod';
import { UPLOAD_ID_PATTERN } from './ids.js';

/** How many characters the address of a video has at most. */
export const VIDEO_URL_MAX_LENGTH = 4096;

/** An address from which a video can be fetched. */
export const VideoUrlSchema = z
  .url({ protocol: /^https?$/, error: 'not an http or https URL' })
  .max(VIDEO_URL_MAX_LENGTH)
  .describe('http or https.');

export const UrlSourceSchema = z.strictObject({ type: z.literal('url'), url: VideoUrlSchema });

/** As many bytes as S3 takes; whatever it would refuse as a key is no key here either, and not taken for an outage of the store. */
const S3_KEY_MAX_BYTES = 1024;

export const S3SourceSchema = z.strictObject({
  type: z.literal('s3'),
  bucket: z.string().min(1).max(255),
  key: z
    .string()
    .min(1)
    .max(S3_KEY_MAX_BYTES)
    .refine((key) => Buffer.byteLength(key) <= S3_KEY_MAX_BYTES, `at most ${S3_KEY_MAX_BYTES} bytes of UTF-8`)
    .refine((key) => Buffer.from(key).toString() === key && !key.includes('\0'), 'no text that UTF-8 can write'),
});

export const UploadSourceSchema = z.strictObject({
  type: z.literal('upload'),
  uploadId: z.string().regex(UPLOAD_ID_PATTERN),
});

/** Where the video of a job comes from. A multipart submission becomes `upload`, with a new id. */
export const SourceSchema = z.discriminatedUnion('type', [UrlSourceSchema, S3SourceSchema, UploadSourceSchema], {
  error: ({ code }) => (code === 'invalid_union' ? 'one of url, s3, upload' : undefined),
});
export type Source = z.infer<typeof SourceSchema>;

/**
 * The file's name in a valid URL: the last part of its path, decoded. It stays encoded where that fails: a lone `%` is
 * valid.
 */
export function urlFileName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
