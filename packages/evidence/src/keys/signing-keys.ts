import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicJwk } from '@styleflow/contracts';
import { z } from 'zod';
import { thumbprint } from './public-key.js';

/** The keys of a process that signs. A KeyObject shows nothing of itself when it is printed. */
export interface SigningKeys {
  readonly signer: { readonly kid: string; readonly key: KeyObject };
  /** All of them, the signer first, without their private parts. */
  readonly published: readonly PublicJwk[];
}

/** What a file or value of `STYLEFLOW_SIGNING_KEY` may hold, for sentences. */
export const ALLOWED_KEYS =
  'allowed: an Ed25519 key as PKCS#8 PEM (openssl genpkey -algorithm ed25519), as JWK or JWK Set, or the path of a file with one';

const Seconds = z.int().min(0).optional();
const GivenJwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string().optional(),
  kid: z.string().min(1).max(128).optional(),
  iat: Seconds,
  exp: Seconds,
});
type GivenJwk = z.infer<typeof GivenJwkSchema>;

interface GivenKey {
  readonly key: KeyObject | null;
  readonly published: PublicJwk;
}

/**
 * Reads signing keys: one or more PEM blocks, a JWK, or a JWK Set. The first private key signs; all others are only published, as the
 * retired ones or those to come. Dates (`iat`, `exp`) stand in a JWK alone.
 * @throws RangeError that says what is allowed, and repeats nothing of the text
 */
export function parseSigningKeys(text: string, now: Date = new Date()): SigningKeys {
  const given = text.includes('-----BEGIN') ? readPem(text) : readJwks(text);
  const signer = given.find(({ key }) => key !== null);
  if (!signer?.key) throw new RangeError(`there is no private key; ${ALLOWED_KEYS}`);
  const published = [signer, ...given.filter((one) => one !== signer)].map((one) => one.published);
  if (new Set(published.map(({ kid }) => kid)).size < published.length) {
    throw new RangeError('two of its keys have the same kid');
  }
  const { iat = 0, exp = Number.POSITIVE_INFINITY, kid } = signer.published;
  const seconds = now.getTime() / 1000;
  if (seconds < iat || seconds >= exp) throw new RangeError(`the key ${kid} does not sign at this time, by its dates`);
  return { signer: { kid, key: signer.key }, published };
}

function readPem(text: string): GivenKey[] {
  // A value in an environment file has its line ends written out.
  const blocks = text.replaceAll('\\n', '\n').match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? [];
  return blocks.map((block) => {
    const isPrivate = block.startsWith('-----BEGIN PRIVATE KEY-----');
    const key = readKey(() => (isPrivate ? createPrivateKey(block) : createPublicKey(block)));
    return given(key, {});
  });
}

function readJwks(text: string): GivenKey[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError(ALLOWED_KEYS);
  }
  const parsed = z.union([z.object({ keys: z.array(GivenJwkSchema).min(1) }), GivenJwkSchema]).safeParse(json);
  if (!parsed.success) throw new RangeError(ALLOWED_KEYS);
  const jwks = 'keys' in parsed.data ? parsed.data.keys : [parsed.data];
  return jwks.map(({ kty, crv, x, d, ...facts }) => {
    const key = readKey(() =>
      d === undefined
        ? createPublicKey({ key: { kty, crv, x }, format: 'jwk' })
        : createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' }),
    );
    if (publicPart(key) !== x) throw new RangeError('the public part x of a key is not that of its private part d');
    return given(key, facts);
  });
}

function given(key: KeyObject, { kid, iat, exp }: Pick<GivenJwk, 'kid' | 'iat' | 'exp'>): GivenKey {
  const x = publicPart(key);
  const dates = { ...(iat !== undefined && { iat }), ...(exp !== undefined && { exp }) };
  return {
    key: key.type === 'private' ? key : null,
    published: { kty: 'OKP', crv: 'Ed25519', x, kid: kid ?? thumbprint(x), alg: 'EdDSA', use: 'sig', ...dates },
  };
}

function publicPart(key: KeyObject): string {
  return String((key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' }).x);
}

/** OpenSSL's own words would say parts of what it read. */
function readKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    throw new RangeError(ALLOWED_KEYS);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new RangeError(`it is no Ed25519 key; ${ALLOWED_KEYS}`);
  return key;
}
