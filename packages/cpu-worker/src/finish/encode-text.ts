/** Bytes a chunk: large enough to be worth a write, small against any memory bound. */
const CHUNK_CHARACTERS = 65_536;

/** Pieces of text as UTF-8 chunks of some 64 kB, for the object store's streams. */
export async function* encodeText(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}
