/** Characters by which a name could steer a terminal, or reverse the words around it: controls and bidi overrides. */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Makes text from outside (a file's name, metadata) one line that cannot change what stands around it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u{FFFD}');
}
