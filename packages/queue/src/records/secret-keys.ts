import { createHash, createSecretKey, type KeyObject } from 'node:crypto';

/** A key, and the names by which boxes know it. A KeyObject shows nothing of itself when it is printed. */
export interface SecretKey {
  readonly id: string;
  /** Made of the key alone, so that one that stood without a name can be given one later. */
  readonly ownId: string;
  readonly key: KeyObject;
}

const KEY_BYTES = 32;
const ID = /^[\w-]{1,32}$/;

/**
 * `base64` or `id:base64`, more of them by commas: the first seals, all open.
 * @throws RangeError that says what is allowed and repeats nothing
 */
export function parseSecretKeys(text: string): readonly SecretKey[] {
  const keys = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseKey);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new RangeError('two of its keys have the same id');
  return keys;
}

function parseKey(entry: string): SecretKey {
  const [first = '', second] = entry.split(':');
  const [name, base64] = second === undefined ? [undefined, first] : [first, second];
  const bytes = Buffer.from(base64, 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(base64);
  if (
    entry.split(':').length > 2 ||
    !isBase64 ||
    bytes.length !== KEY_BYTES ||
    (name !== undefined && !ID.test(name))
  ) {
    throw new RangeError('allowed: 32 bytes in base64 (openssl rand -base64 32), several by commas as id:base64');
  }
  const ownId = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { id: name ?? ownId, ownId, key: createSecretKey(bytes) };
}
