/** The chunks of a stream. Not every browser lets `for await` loop over the stream itself. */
export async function* chunksOf<T>(stream: ReadableStream<T>): AsyncGenerator<T, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Of a stream that was left early nothing more is fetched.
    await reader.cancel().catch(() => undefined);
  }
}

/** The text of a stream of UTF-8, cut before each separator; the rest is the last piece. */
export async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  separator: RegExp,
): AsyncGenerator<{ readonly text: string; readonly isRest: boolean }, void> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunksOf(stream)) {
    const pieces = (pending + decoder.decode(chunk, { stream: true })).split(separator);
    pending = pieces.pop() ?? '';
    for (const text of pieces) yield { text, isRest: false };
  }
  pending += decoder.decode();
  if (pending !== '') yield { text: pending, isRest: true };
}
