import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Adds Content-MD5 to DeleteObjects. The SDK sends only its newer checksums, while the protocol's first form, which many
 * other servers keep to, demands this header for this call.
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
    // After the body is written and before the request is signed.
    { step: 'build', priority: 'low', name: 'styleflowContentMd5' },
  );
}
