import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { JobError } from '@styleflow/contracts';
import type { SecretKey } from './secret-keys.js';

/** `1.KEY-ID.BASE64URL`, the bytes being nonce, tag and ciphertext of AES-256-GCM. */
const FORMAT = '1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whose secret it is and its name: part of what the tag vouches for, so that no box opens in another's place. */
interface BoxLabel {
  readonly of: string;
  readonly name: string;
}

const labelBytes = ({ of, name }: BoxLabel): Buffer => Buffer.from(JSON.stringify(['styleflow', of, name]));

export function sealBox({ id, key }: SecretKey, label: BoxLabel, secret: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(labelBytes(label));
  const hidden = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return `${FORMAT}.${id}.${Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')}`;
}

/** @throws JobError `internal` when none of the keys is the right one, or the box is another's or was changed */
export function openBox(keys: readonly SecretKey[], label: BoxLabel, box: string): string {
  const [, keyId, text = ''] = /^1\.([\w-]{1,32})\.([\w-]+)$/.exec(box) ?? [];
  const key = keys.find(({ id, ownId }) => id === keyId || ownId === keyId)?.key;
  if (key === undefined) {
    const has = keys.length === 0 ? 'has no key at all' : 'has other keys';
    throw cannotOpen(label, `it was sealed with the key ${keyId ?? 'of another format'}, and this process ${has}`);
  }
  const bytes = Buffer.from(text, 'base64url');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(labelBytes(label)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const shown = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([shown, decipher.final()]).toString('utf8');
  } catch {
    throw cannotOpen(label, `the key ${keyId} is not the one that it was sealed with, or it was changed`);
  }
}

function cannotOpen({ of, name }: BoxLabel, why: string): JobError {
  return new JobError('internal', `The sealed ${name} of ${of} cannot be opened: ${why} (STYLEFLOW_SECRET_KEY).`);
}
