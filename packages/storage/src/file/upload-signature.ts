import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { z } from 'zod';

/** Where the API serves the file store's signed uploads: `PUT {publicUrl}/v1/store/uploads?key&expires&max&signature`. */
export const UPLOAD_PATH = '/v1/store/uploads';

const SECRET_FILE = 'upload-secret';
const SECRET_BYTES = 32;

const Query = z.object({
  key: z.string().min(1),
  /** Seconds since 1970. */
  expires: z.string().regex(/^\d{1,12}$/),
  /** Bytes. */
  max: z.string().regex(/^\d{1,15}$/),
  /** Bytes, exactly: then equal to `max`, which is what is signed. Left out by the bearer, he may store less. */
  length: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What the bearer of a signed address may store. */
export interface UploadPermission {
  readonly key: string;
  readonly maxBytes: number;
  /** Exactly so many; absent: any number up to `maxBytes`. */
  readonly bytes?: number | undefined;
}

function sign(secret: Buffer, key: string, expires: string, max: string): Buffer {
  // The key comes last because only it could hold a line break, which would let parts be confused.
  return createHmac('sha256', secret).update(`PUT\n${expires}\n${max}\n${key}`).digest();
}

/** The query of a signed upload. The whole address is the API's own, `UPLOAD_PATH`, and this. */
export function signUploadQuery(secret: Buffer, upload: UploadPermission & { expiresAt: Date }): string {
  const expires = String(Math.floor(upload.expiresAt.getTime() / 1000));
  const max = String(upload.bytes ?? upload.maxBytes);
  const signature = sign(secret, upload.key, expires, max).toString('hex');
  const query = new URLSearchParams({ key: upload.key, expires, max, signature });
  if (upload.bytes !== undefined) query.set('length', max);
  return query.toString();
}

/**
 * Reads a signed query: which key its bearer may write, and how many bytes.
 * @throws JobError `forbidden` when it was not signed by this store, `upload_expired` when its time is over.
 */
export function readUploadQuery(secret: Buffer, query: unknown, now: Date): UploadPermission {
  const parsed = Query.safeParse(query);
  if (!parsed.success) throw new JobError('forbidden', 'This upload address is not complete');
  const { key, expires, max, length, signature } = parsed.data;
  if (!timingSafeEqual(sign(secret, key, expires, max), Buffer.from(signature, 'hex'))) {
    throw new JobError('forbidden', 'This upload address was not signed here');
  }
  if (now.getTime() >= Number(expires) * 1000) {
    throw new JobError('upload_expired', 'This upload address has expired; ask for a new one');
  }
  return { key, maxBytes: Number(max), ...(length === undefined ? {} : { bytes: Number(length) }) };
}

/** The store's own secret, made by whoever opens the store first; all processes on the folder share it. */
export async function readUploadSecret(folder: string): Promise<Buffer> {
  const path = join(folder, SECRET_FILE);
  const draft = join(folder, `${SECRET_FILE}.${randomBytes(6).toString('hex')}`);
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
  try {
    await writeFile(draft, randomBytes(SECRET_BYTES), { mode: 0o600, flag: 'wx' });
    // Only one process can make this link, and it makes it with the whole file. The others then read that process's
    // secret.
    await link(draft, path).catch((error: unknown) => {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path);
}
