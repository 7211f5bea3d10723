import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { newSigningKey } from './new-signing-key.js';
import { parseSigningKeys } from './signing-keys.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const pair = () => generateKeyPairSync('ed25519');
const jwk = (facts: object = {}) => ({ ...pair().privateKey.export({ format: 'jwk' }), ...facts });
const pem = () => String(pair().privateKey.export({ format: 'pem', type: 'pkcs8' }));

describe('signing keys', () => {
  it('are read from PEM, with its line ends or with them written out, from a JWK and a JWK Set', () => {
    const text = pem();
    const kid = parseSigningKeys(text).signer.kid;
    expect(parseSigningKeys(text.replaceAll('\n', '\\n')).signer.kid).toBe(kid);
    expect(parseSigningKeys(JSON.stringify(jwk({ kid: 'spring' }))).signer.kid).toBe('spring');
    const set = {
      keys: [jwk({ kid: 'now', iat: SECONDS }), { ...jwk({ kid: 'before', exp: SECONDS }), d: undefined }],
    };
    const { published, signer } = parseSigningKeys(JSON.stringify(set), NOW);
    expect(signer.kid).toBe('now');
    expect(published.map(({ kid, iat, exp }) => [kid, iat, exp])).toEqual([
      ['now', SECONDS, undefined],
      ['before', undefined, SECONDS],
    ]);
  });

  it('show nothing of their private part: published, printed, or in a refusal', () => {
    const secret = jwk();
    const keys = parseSigningKeys(JSON.stringify(secret));
    expect(JSON.stringify(keys.published)).not.toContain(secret.d);
    expect(inspect(keys, { depth: 9 })).not.toContain(secret.d);
    const broken = `{"kty":"OKP","crv":"Ed25519","d":"${secret.d}"}`;
    expect(() => parseSigningKeys(broken)).toThrow(/^allowed: /);
  });

  it.each([
    ['a public key alone', () => String(pair().publicKey.export({ format: 'pem', type: 'spki' })), 'no private key'],
    ['a key of another kind', () => ecPem(), 'no Ed25519 key'],
    ['a key that has ended', () => JSON.stringify(jwk({ exp: SECONDS })), 'does not sign at this time'],
    ['a key to come', () => JSON.stringify(jwk({ iat: SECONDS + 1 })), 'does not sign at this time'],
    ['two of one name', () => JSON.stringify({ keys: [jwk({ kid: 'a' }), jwk({ kid: 'a' })] }), 'the same kid'],
    ['halves of two keys', () => JSON.stringify({ ...jwk(), x: jwk().x }), 'is not that of its private part'],
    ['no key at all', () => 'secret', 'allowed: '],
  ])('refuse %s', (_, text, sentence) => {
    expect(() => parseSigningKeys(text(), NOW)).toThrow(sentence);
  });

  it('are rotated: the new one signs, the old one stays with its end and without its private part', () => {
    const first = newSigningKey(null, NOW);
    const later = new Date(NOW.getTime() + 86_400_000);
    const second = newSigningKey(first.text, later);
    const third = newSigningKey(second.text, new Date(later.getTime() + 86_400_000));
    const { signer, published } = parseSigningKeys(third.text, new Date(later.getTime() + 90_000_000));
    expect(signer.kid).toBe(third.kid);
    expect(published.map(({ kid }) => kid)).toEqual([third.kid, second.kid, first.kid]);
    expect(published.map(({ exp }) => exp)).toEqual([undefined, SECONDS + 2 * 86_400, SECONDS + 86_400]);
    expect(third.text.match(/"d":/g)).toHaveLength(1);
  });
});

const ecPem = () =>
  String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
