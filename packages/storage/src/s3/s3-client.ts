import { S3Client } from '@aws-sdk/client-s3';
import { addContentMd5 } from './content-md5.js';

export interface S3ObjectStoreOptions {
  readonly bucket: string;
  /** Before every key, without a slash at either end. Default none. */
  readonly prefix?: string | undefined;
  /** Default: Amazon's, by region. */
  readonly endpoint?: string | undefined;
  /** What presigned URLs name, where users reach the store by another address. Default: `endpoint`. */
  readonly publicEndpoint?: string | undefined;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: with an endpoint of one's own. */
  readonly forcePathStyle?: boolean | undefined;
  /** Default: the SDK's own search; with an endpoint of one's own `us-east-1`. */
  readonly region?: string | undefined;
  /** Default: the SDK's own search (environment, files, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Silence on a connection, also of a reader that does not read on. */
const IDLE_TIMEOUT_MS = 120_000;

/** A client for `endpoint` (`options.endpoint` or `options.publicEndpoint`). */
export function openS3Client(options: S3ObjectStoreOptions, endpoint: string | undefined): S3Client {
  const region = options.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? { followRegionRedirects: true } : { endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    // Other servers refuse the SDK's trailing checksums, and in a presigned PUT they would be those of an empty body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      // Streams hold their connection as long as they are read: far more of them than calls at once.
      httpAgent: { maxSockets: 256, keepAlive: true },
      httpsAgent: { maxSockets: 256, keepAlive: true },
    },
  });
  addContentMd5(client);
  return client;
}
