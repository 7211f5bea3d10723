import { createHash } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import type { ObjectStore } from './port/object-store.js';

/** The last field of a sealed object: bytes of the text before it and their SHA-256. Versions that do not know it pass it over. */
const SEAL = /,?"check":"(\d+)\.([0-9a-f]{64})"\}$/;

/** A value as JSON whose last field, `check`, holds length and digest of the text before it. `value` has no `check` of its own. */
export function sealJson(value: object): string {
  const open = JSON.stringify(value).slice(0, -1);
  return `${open}${open === '{' ? '' : ','}"check":"${checkOf(open)}"}`;
}

/**
 * What `sealJson` was given, with its check still in it. Text of the version before the check is taken when it is JSON.
 * @throws Error that says how the text is damaged.
 */
export function openSealedJson(text: string): unknown {
  const seal = SEAL.exec(text);
  if (seal) {
    const open = text.slice(0, seal.index);
    if (`${seal[1]}.${seal[2]}` !== checkOf(open)) throw new Error('its length or digest is not what was written');
  }
  return JSON.parse(text);
}

function checkOf(text: string): string {
  return `${Buffer.byteLength(text)}.${createHash('sha256').update(text).digest('hex')}`;
}

/** The fact that what stands under `key` is not what was written; `isDamagedObject` knows it. */
export function damagedObject(key: string, reason: unknown): JobError {
  const why = reason instanceof Error ? reason.message : String(reason);
  return new JobError('internal', `The stored object ${key} is damaged: ${why}`, {
    retryable: false,
    cause: reason,
    details: { damaged: key },
  });
}

/** Whether an error says that a stored object is damaged, so that it has to be made again. */
export function isDamagedObject(error: unknown): boolean {
  return error instanceof JobError && error.details?.damaged !== undefined;
}

/**
 * Reads an object and what is in it; null when there is none. What cannot be read is fetched once more: it may have been
 * spoilt on its way.
 * @throws JobError known to `isDamagedObject` when `parse` throws twice; `storage_unavailable`.
 */
export async function readWhole<T>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  parse: (bytes: Buffer) => T | Promise<T>,
): Promise<T | null> {
  for (let isLast = false; ; isLast = true) {
    const bytes = await store.get(key);
    if (bytes === null) return null;
    try {
      return await parse(bytes);
    } catch (error) {
      if (isLast) throw damagedObject(key, error);
    }
  }
}

/** `readWhole` for what `sealJson` wrote; `parse` knows its shape. */
export function readSealedJson<T>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  parse: (value: unknown) => T,
): Promise<T | null> {
  return readWhole(store, key, (bytes) => parse(openSealedJson(bytes.toString('utf8'))));
}
