import { createHash } from 'node:crypto';

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
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}
