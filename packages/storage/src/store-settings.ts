import { z } from 'zod';

/** Where the object store is, parsed from `STYLEFLOW_STORE`. */
export type StoreAddress =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'file'; readonly folder: string };

const S3_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/;

const ALLOWED = 's3://bucket/prefix or file:FOLDER';

const addressSetting = z.string({ error: `must be set: ${ALLOWED}` }).transform((text, context): StoreAddress => {
  const [, bucket, prefix = ''] = S3_ADDRESS.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 's3', bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
  // `file:///data/store` and `file:/data/store` are the same folder.
  const folder = /^file:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (folder !== undefined) return { kind: 'file', folder };
  context.addIssue({ code: 'custom', message: `allowed: ${ALLOWED}` });
  return z.NEVER;
});

const urlSetting = z.url({ protocol: /^https?$/, error: 'allowed: an http or https address' }).optional();

/** The settings of every process that opens the object store. Each env.ts adds them to the settings that it parses. */
export const storeSettings = {
  STYLEFLOW_STORE: addressSetting,
  /** The address of an S3 server other than Amazon's. */
  STYLEFLOW_S3_ENDPOINT: urlSetting,
  /** The address in presigned URLs, when users reach the server by another one than the workers. */
  STYLEFLOW_S3_PUBLIC_ENDPOINT: urlSetting,
  /** Default: true when STYLEFLOW_S3_ENDPOINT is set. */
  STYLEFLOW_S3_FORCE_PATH_STYLE: z
    .enum(['true', 'false'], { error: 'allowed: true, false' })
    .transform((text) => text === 'true')
    .optional(),
  /** The buckets that a job's `s3` source may name, separated by commas. */
  STYLEFLOW_S3_SOURCE_BUCKETS: z
    .string()
    .transform((text) => text.split(',').map((bucket) => bucket.trim()))
    .transform((buckets) => buckets.filter((bucket) => bucket !== ''))
    .prefault(''),
  /** The SDK's own variable. It is read here because it may be absent when STYLEFLOW_S3_ENDPOINT is set. */
  AWS_REGION: z.string().optional(),
};

export type StoreSettings = z.infer<z.ZodObject<typeof storeSettings>>;
