import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Adds the header Content-MD5 to DeleteObjects. S3's original protocol demands it for this call, and many other servers
 * still do, but the SDK sends only newer checksums.
 */
export function addContentMd5(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const request = args.request as { body?: unknown; headers?: Record<string, string> };
      const isDelete = context.commandName === 'DeleteObjectsCommand';
      if (isDelete && request.headers !== undefined && typeof request.body === 'string') {
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      }
      return next(args);
    },
    // This step comes after the body is written and before the request is signed.
    { step: 'build', priority: 'low', name: 'styleflowContentMd5' },
  );
}
