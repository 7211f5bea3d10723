import { createHash } from 'node:crypto';
import { JobOptionsSchema } from '@styleflow/contracts';
import { z } from 'zod';

/**
 * JSON with the keys of every object in code-unit order, so that equal values give equal text. (Order and number format
 * are RFC 8785's; string escapes are those of JSON.stringify.)
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The fingerprint of the request to which an idempotency key belongs: 64 hex digits, equal for equal requests. */
export function fingerprint(request: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(withoutNewDefaults(request)))
    .digest('hex');
}

/** Options that 0.1.0 did not have, and their defaults. */
const NEW_OPTIONS = JobOptionsSchema.pick({ detection: true });
const WithOptionsSchema = z.looseObject({ options: z.looseObject({}) });

/** A request that is repeated after an upgrade is the same one: what it leaves to a default that is new does not count. */
function withoutNewDefaults(request: unknown): unknown {
  const parsed = WithOptionsSchema.safeParse(request);
  if (!parsed.success) return request;
  const defaults = Object.entries(NEW_OPTIONS.parse({}));
  const options = Object.entries(parsed.data.options).filter(
    ([name, value]) => !defaults.some(([known, usual]) => known === name && usual === value),
  );
  return { ...parsed.data, options: Object.fromEntries(options) };
}
