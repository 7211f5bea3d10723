/** What a name could do to a terminal or to the order of the words around it: control characters and bidi overrides. */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Foreign text (a file's name, metadata) as one line that shows what it is and changes nothing around it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\u{FFFD}');
}
