import { randomBytes } from 'node:crypto';
import { leaseS3 } from './s3-lease.js';
import { makeBucket, type S3Access } from './swift-server.js';

export interface S3Server extends S3Access {
  /** A new bucket for every call, with path-style addressing. */
  readonly bucket: string;
  /** Makes another new bucket. */
  makeBucket(): Promise<string>;
  /** Ends this lease of the server. Other users keep it running. */
  stop(): Promise<void>;
}

/**
 * A real S3 server, made by others than the SDK. One serves all test processes, because a start takes seconds. So each
 * caller gets a bucket of its own, and makes outages with `startFaultyLink`, never by ending the server.
 */
export async function startS3(): Promise<S3Server> {
  const lease = await leaseS3();
  const makeFresh = async (): Promise<string> => {
    const bucket = `test-${randomBytes(6).toString('hex')}`;
    await makeBucket(lease.endpoint, bucket);
    return bucket;
  };
  const { endpoint, accessKeyId, secretAccessKey } = lease;
  return {
    endpoint,
    accessKeyId,
    secretAccessKey,
    bucket: await makeFresh(),
    makeBucket: makeFresh,
    stop: async () => lease.release(),
  };
}
