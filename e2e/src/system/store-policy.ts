import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** One thing that was asked of an S3 server, in the words of policies. */
export interface StoreAccess {
  readonly action: string;
  /** `arn:aws:s3:::BUCKET` or `…/KEY`. */
  readonly resource: string;
}

const PolicySchema = z.object({
  Statement: z.array(
    z.object({ Effect: z.literal('Allow'), Action: z.array(z.string()), Resource: z.array(z.string()) }),
  ),
});

/** Judges accesses by the policy that `deploy/store` gives a kind of process. */
export class StorePolicy {
  readonly #statements: z.infer<typeof PolicySchema>['Statement'];

  private constructor(statements: z.infer<typeof PolicySchema>['Statement']) {
    this.#statements = statements;
  }

  /** @param names what stands for `BUCKET`, `PREFIX` and the like in it */
  static of(process: string, names: Readonly<Record<string, string>>): StorePolicy {
    const path = fileURLToPath(new URL(`../../../deploy/store/${process}.policy.json`, import.meta.url));
    const text = readFileSync(path, 'utf8').replace(/\b[A-Z_]*BUCKET\b|\bPREFIX\b/g, (name) => names[name] ?? name);
    return new StorePolicy(PolicySchema.parse(JSON.parse(text)).Statement);
  }

  allows({ action, resource }: StoreAccess): boolean {
    return this.#statements.some(
      (statement) =>
        statement.Action.includes(action) && statement.Resource.some((pattern) => matches(resource, pattern)),
    );
  }
}

/** A star is any text, slashes too. */
function matches(resource: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}

/** What a request to an S3 server with the bucket in its path asks for; `body` is read for deletions of many objects alone. */
export function accessesOf(
  request: { readonly method: string; readonly url: string; readonly copySource?: string | undefined },
  body: string,
): StoreAccess[] {
  const { pathname, searchParams } = new URL(request.url, 'http://s3');
  const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
  const at = (action: string, name: string): StoreAccess => ({
    action: `s3:${action}`,
    resource: `arn:aws:s3:::${bucket}${name === '' ? '' : `/${name}`}`,
  });
  if (request.method === 'POST' && searchParams.has('delete')) {
    return [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name = '']) => at('DeleteObject', name));
  }
  if (request.method === 'DELETE')
    return [at(searchParams.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject', key)];
  if (request.method === 'GET' && key === '') {
    return [at(searchParams.has('uploads') ? 'ListBucketMultipartUploads' : 'ListBucket', '')];
  }
  if (request.method === 'GET' && searchParams.has('uploadId')) return [at('ListMultipartUploadParts', key)];
  if (request.method === 'GET' || request.method === 'HEAD') return [at('GetObject', key)];
  const source =
    request.copySource === undefined
      ? []
      : [`arn:aws:s3:::${decodeURIComponent(request.copySource).replace(/^\//, '')}`];
  return [at('PutObject', key), ...source.map((resource) => ({ action: 's3:GetObject', resource }))];
}
