import type { KeyObject } from 'node:crypto';
import { FlattenedSign, flattenedVerify } from 'jose';
import { z } from 'zod';

/** What is signed: the signature of one is none of the other. */
export const SIGNED_TYPES = ['styleflow-result', 'styleflow-manifest'] as const;
export type SignedType = (typeof SIGNED_TYPES)[number];

const HeaderSchema = z.strictObject({
  alg: z.literal('EdDSA'),
  b64: z.literal(false),
  crit: z.tuple([z.literal('b64')]),
  typ: z.enum(SIGNED_TYPES),
  kid: z.string().min(1).max(128),
  iat: z.int().min(0),
});

/** What a signature says of itself. The signature covers it, too. */
export type SignatureHeader = Readonly<z.infer<typeof HeaderSchema>>;

/**
 * Signs bytes as they are (RFC 7797): the detached form `HEADER..SIGNATURE` (RFC 7515, appendix F), as ASCII without a line end. `at`
 * is the time as the signer claims it.
 */
export async function signDetached(
  bytes: Uint8Array,
  {
    key,
    kid,
    type,
    at,
  }: { readonly key: KeyObject; readonly kid: string; readonly type: SignedType; readonly at: Date },
): Promise<string> {
  const header = { alg: 'EdDSA', b64: false, crit: ['b64'], typ: type, kid, iat: Math.floor(at.getTime() / 1000) };
  const { protected: head, signature } = await new FlattenedSign(bytes).setProtectedHeader(header).sign(key);
  return `${head}..${signature}`;
}

/**
 * What a signature says of itself, before it is verified.
 * @throws RangeError for a text that is no detached signature of this product, with a byte more or less than it has
 */
export function readSignature(text: string): { readonly header: SignatureHeader; readonly parts: [string, string] } {
  const [, head = '', signature = ''] = /^([\w-]+)\.\.([\w-]{86})$/.exec(text) ?? [];
  // Base64url has bits to spare at its end: texts that differ in them alone would be the same signature.
  const isExact = [head, signature].every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
  if (head === '' || !isExact) throw new RangeError('it is no detached JWS');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
  } catch {
    throw new RangeError('its header is no JSON');
  }
  const header = HeaderSchema.safeParse(json);
  if (!header.success) throw new RangeError('its header is not one that this product writes');
  return { header: header.data, parts: [head, signature] };
}

/** Whether `key` signed exactly these bytes. */
export async function verifyDetached(text: string, bytes: Uint8Array, key: KeyObject): Promise<boolean> {
  const [head, signature] = readSignature(text).parts;
  try {
    await flattenedVerify({ protected: head, payload: bytes, signature }, key, { algorithms: ['EdDSA'] });
    return true;
  } catch {
    return false;
  }
}
