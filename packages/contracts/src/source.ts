import { z } from 'zod';
import { JOB_ID_PATTERN, UPLOAD_ID_PATTERN } from './ids.js';

/** How many characters the address of a video has at most. */
export const VIDEO_URL_MAX_LENGTH = 4096;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Half of a letter that takes two halves cannot be written in UTF-8. Node's own words for this are not there in browsers. */
const isUtf8Text = (text: string): boolean => new TextDecoder('utf-8', { ignoreBOM: true }).decode(utf8(text)) === text;

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
    .refine((key) => utf8(key).length <= S3_KEY_MAX_BYTES, `at most ${S3_KEY_MAX_BYTES} bytes of UTF-8`)
    .refine((key) => isUtf8Text(key) && !key.includes('\0'), 'no text that UTF-8 can write'),
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

/** The video of an ended job of the same owner, which is judged once more: by another bundle, mostly. */
export const EarlierJobSourceSchema = z.strictObject({
  type: z.literal('job'),
  job: z.string().regex(JOB_ID_PATTERN).describe('Its id. What it kept is used, else its source once more.'),
});

/** What a submission names; a job is kept with the source of the one that was named (`Job.rescoreOf`). */
export const SubmittedSourceSchema = z.discriminatedUnion(
  'type',
  [UrlSourceSchema, S3SourceSchema, UploadSourceSchema, EarlierJobSourceSchema],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of url, s3, upload, job' : undefined) },
);
export type SubmittedSource = z.infer<typeof SubmittedSourceSchema>;

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
