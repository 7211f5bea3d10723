import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiKey, Caller } from './api-keys.js';

/** A person opens a link at once; a page asks for new ones. */
export const LINK_SECONDS = 900;

/** What a link may read of a job: what a browser opens by address alone, where it can send no key. */
const READABLE =
  /^\/v1\/jobs\/([^/]+)\/(?:events|result|report|report\.pdf|preview\.webm|frames\/\d+\.jpg|faces\/\d+\/clips\/\d+\.(?:png|json))$/;

/**
 * The permission to read one job without a key, until `expires` (s since the epoch). It is signed with what the API knows of the key
 * that asks, so every process of the API can check it, and it ends when that key is revoked.
 */
export function signLink(key: ApiKey, job: string, expires: number): string {
  return `${expires}.${signature(key, job, expires).toString('base64url')}.${key.name}`;
}

/** The caller as whom a request may read, by the `access` of its address; null where it may not. */
export function callerOfLink(
  keys: readonly ApiKey[],
  { method, path, access }: { readonly method: string; readonly path: string; readonly access: unknown },
  now: number,
): Caller | null {
  const job = READABLE.exec(path)?.[1];
  if ((method !== 'GET' && method !== 'HEAD') || job === undefined || typeof access !== 'string') return null;
  const [, expires, given = '', name] = /^(\d{1,12})\.([\w-]{43})\.(.+)$/.exec(access) ?? [];
  const key = keys.find((each) => each.name === name);
  if (key === undefined || Number(expires) * 1000 < now) return null;
  if (!timingSafeEqual(signature(key, job, Number(expires)), Buffer.from(given, 'base64url'))) return null;
  return { owner: key.name, isAdmin: key.role === 'admin' };
}

function signature({ sha256 }: ApiKey, job: string, expires: number): Buffer {
  return createHmac('sha256', sha256).update(`styleflow-link\n${job}\n${expires}`).digest();
}
