import { z } from 'zod';

/** Seconds since 1970. */
const SecondsSchema = z.int().min(0);

/** A public Ed25519 key as a JSON Web Key (RFC 8037), with its name and the dates between which it signs. */
export const PublicJwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z
    .string()
    .regex(/^[\w-]{43}$/, '32 bytes in base64url')
    .describe('The key, 32 bytes in base64url.'),
  kid: z.string().min(1).max(128),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
  iat: SecondsSchema.optional().describe('It signs from then on, in seconds since 1970.'),
  exp: SecondsSchema.optional().describe('It signs until then; what it had signed by then stays valid.'),
});
export type PublicJwk = z.infer<typeof PublicJwkSchema>;

/** `GET /.well-known/jwks.json` (RFC 7517): the key that signs first, then retired ones and those to come. */
export const PublicJwksSchema = z.object({ keys: z.array(PublicJwkSchema) });
export type PublicJwks = z.infer<typeof PublicJwksSchema>;
