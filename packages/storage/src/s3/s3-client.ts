import { S3Client } from '@aws-sdk/client-s3';
import { addContentMd5 } from './content-md5.js';

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  /** Stands before every key; without a slash at either end. Default: none. */
  readonly prefix?: string | undefined;
  /** Default: Amazon's, by region. */
  readonly endpoint?: string | undefined;
  /**
   * The address in presigned URLs, for users who reach the store by another one than the workers. Default: `endpoint`.
   */
  readonly publicEndpoint?: string | undefined;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: true when `endpoint` is set. */
  readonly forcePathStyle?: boolean | undefined;
  /** Default: where the SDK looks for it; `us-east-1` when `endpoint` is set. */
  readonly region?: string | undefined;
  /** Default: where the SDK looks for them (environment, files, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection on which nothing moves for so long is ended, even when it is our own reader that does not read on. */
const IDLE_TIMEOUT_MS = 120_000;

/** A client for `endpoint` (`options.endpoint` or `options.publicEndpoint`). */
export function openS3Client(options: S3ObjectStoreOptions, endpoint: string | undefined): S3Client {
  const region = options.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? { followRegionRedirects: true } : { endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    // Other servers refuse the SDK's trailing checksums. In a presigned PUT they would be checksums of an empty body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      // A stream holds its connection until it is read, so there are many more connections than calls at a time.
      httpAgent: { maxSockets: 256, keepAlive: true },
      httpsAgent: { maxSockets: 256, keepAlive: true },
    },
  });
  addContentMd5(client);
  return client;
}
