import { createHash, timingSafeEqual } from 'node:crypto';

export type Role = 'user' | 'admin';

export interface ApiKey {
  /** The owner of what is submitted with the key. */
  readonly name: string;
  readonly role: Role;
  readonly sha256: Buffer;
}

/** Who makes a call. */
export interface Caller {
  readonly owner: string;
  /** May see and change the jobs of all owners. */
  readonly isAdmin: boolean;
}

/** The caller when no keys are set. */
export const LOCAL_CALLER: Caller = { owner: 'local', isAdmin: true };

// The name becomes a part of object keys.
const ENTRY = /^([A-Za-z0-9_.-]{1,64}):(user|admin):sha256:([0-9a-f]{64})$/i;

/**
 * Reads `name:role:sha256:HEX,…`, where HEX is the SHA-256 of the key's text.
 * @throws RangeError with a sentence that repeats no digest.
 */
export function parseApiKeys(text: string): ApiKey[] {
  const words = text.split(',').map((word) => word.trim());
  const keys = words
    .filter((word) => word !== '')
    .map((word, index): ApiKey => {
      const match = ENTRY.exec(word);
      const [, name, role, hex] = match ?? [];
      if (name === undefined || role === undefined || hex === undefined || /^\.+$/.test(name)) {
        throw new RangeError(`entry ${index + 1} is not of the form name:user|admin:sha256:HEX`);
      }
      return { name, role: role.toLowerCase() === 'admin' ? 'admin' : 'user', sha256: Buffer.from(hex, 'hex') };
    });
  if (new Set(keys.map((key) => key.name)).size < keys.length) throw new RangeError('a name occurs twice');
  return keys;
}

/** The caller that an `Authorization: Bearer KEY` header names, or null. */
export function findCaller(keys: readonly ApiKey[], authorization: string | undefined): Caller | null {
  const [, key] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
  return key === undefined ? null : findOwner(keys, key);
}

/** Finds the owner of a key. Every digest is compared, in constant time, so that timing reveals nothing about a key. */
function findOwner(keys: readonly ApiKey[], text: string): Caller | null {
  const digest = createHash('sha256').update(text).digest();
  let found: Caller | null = null;
  for (const key of keys) {
    if (timingSafeEqual(key.sha256, digest)) found = { owner: key.name, isAdmin: key.role === 'admin' };
  }
  return found;
}
