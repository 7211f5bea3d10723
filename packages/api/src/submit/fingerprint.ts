import { createHash } from 'node:crypto';

/**
 * JSON with the keys of every object in code-unit order: equal values give equal text.
 * (RFC 8785's order and number format; its string escapes are those of JSON.stringify.)
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What an idempotency key stands for: 64 hex digits, equal for equal requests. */
export function fingerprint(request: unknown): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}
