import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { thumbprint } from './public-key.js';
import { ALLOWED_KEYS, parseSigningKeys } from './signing-keys.js';

const SetSchema = z.object({
  keys: z.array(z.looseObject({ kid: z.string().optional(), exp: z.number().optional() })),
});

/**
 * A new key that signs from `now` on, as the text of a JWK Set. With the text of the set before, its keys stay in it without their
 * private parts, and end now: what they have signed can still be verified.
 * @throws RangeError when the text before is no JWK Set with a signing key
 */
export function newSigningKey(before: string | null, now: Date): { readonly text: string; readonly kid: string } {
  const seconds = Math.floor(now.getTime() / 1000);
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const kid = thumbprint(String(x));
  const key = { kty: 'OKP', crv: 'Ed25519', x, d, kid, alg: 'EdDSA', use: 'sig', iat: seconds };
  const keys = [key, ...(before === null ? [] : retire(before, seconds))];
  return { text: `${JSON.stringify({ keys }, null, 2)}\n`, kid };
}

function retire(text: string, seconds: number): object[] {
  if (!text.trimStart().startsWith('{')) throw new RangeError(`only a JWK Set can be rotated; ${ALLOWED_KEYS}`);
  const { published } = parseSigningKeys(text, new Date(seconds * 1000));
  const given = SetSchema.safeParse(JSON.parse(text));
  const ends = new Map(given.success ? given.data.keys.map(({ kid, exp }) => [kid, exp]) : []);
  return published.map((key) => ({ ...key, exp: Math.min(seconds, ends.get(key.kid) ?? seconds) }));
}
