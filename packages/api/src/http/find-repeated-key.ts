/**
 * The first key that an object of this JSON text has twice, or null. `JSON.parse` would take the last one in silence, and whoever
 * looked at the text before (a proxy, a log) another. The text must be valid JSON: it is only walked.
 */
export function findRepeatedKey(text: string): string | null {
  /** The keys of every open object; null for an open array. */
  const open: (Set<string> | null)[] = [];
  // Strings, and the marks outside of them; everything else says nothing about keys.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const key = String(JSON.parse(token.slice(0, -1)));
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return null;
}
