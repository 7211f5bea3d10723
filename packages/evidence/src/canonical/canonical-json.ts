import canonicalize from 'canonicalize';

/**
 * A value as canonical JSON (RFC 8785): one text for equal values, whoever writes it.
 * @throws TypeError for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('there is no JSON for this value');
  return text;
}

/**
 * The same text in pieces, so that a large value is never one string in memory: lists and objects are taken apart down to `depth`
 * levels, what lies below comes whole.
 */
export function* canonicalPieces(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || 'toJSON' in value) {
    yield canonicalJson(value);
    return;
  }
  if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) {
      yield place === 0 ? '[' : ',';
      yield* canonicalPieces(item, depth - 1);
    }
    yield value.length === 0 ? '[]' : ']';
    return;
  }
  let isFirst = true;
  // By UTF-16 code units, which is how JavaScript compares texts.
  for (const [name, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (item === undefined) continue;
    yield `${isFirst ? '{' : ','}${canonicalJson(name)}:`;
    isFirst = false;
    yield* canonicalPieces(item, depth - 1);
  }
  yield isFirst ? '{}' : '}';
}
