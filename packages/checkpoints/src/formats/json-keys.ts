const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

/**
 * The keys of a JSON object, with repeated ones, which JSON.parse would hide. Undefined when the text nests deeper than
 * `deepest`; such a text had better not be parsed at all. For a text that is no JSON the answer has no meaning.
 */
export function findJsonKeys(text: string, deepest: number): string[] | undefined {
  const keys: string[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (OPENING.has(code) && ++depth > deepest) return undefined;
    if (CLOSING.has(code)) depth--;
    if (code !== QUOTE) continue;
    const end = endOfString(text, at);
    if (depth === 1 && isBeforeColon(text, end)) keys.push(unquoted(text.slice(at, end)));
    at = end - 1;
  }
  return keys;
}

/** The place after the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end;
  while (BLANKS.has(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) === COLON;
}

function unquoted(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    // The text is no JSON. Parsing it will report that.
    return token;
  }
}
