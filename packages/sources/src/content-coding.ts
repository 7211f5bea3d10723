import { once } from 'node:events';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** Codings that are undone. */
const DECODED: Readonly<Record<string, Coding>> = { gzip: 'gzip', 'x-gzip': 'gzip', br: 'br', deflate: 'deflate' };
export type Coding = 'gzip' | 'br' | 'deflate';
/** Real codings that are not: what comes is no video as it is. */
const NOT_DECODED: readonly string[] = ['zstd', 'compress', 'x-compress', 'dcb', 'dcz', 'exi', 'pack200-gzip'];
/** One on top of the other. Nobody means more, and each could blow up what the one before has given. */
const MOST_CODINGS = 2;

/**
 * Which codings a body has, in the order in which they were applied. Words that are no coding (`identity`, `none`, `aws-chunked`,
 * `utf-8`, nothing at all) stand before plain bytes, as every client takes them.
 * @returns the name of the coding for which the body has to be refused
 */
export function codingsOf(header: string | undefined): readonly Coding[] | { readonly refused: string } {
  const words = (header ?? '').split(',').map((word) => word.trim().toLowerCase());
  const refused = words.find((word) => NOT_DECODED.includes(word));
  if (refused !== undefined) return { refused };
  const codings = words.flatMap((word) => (Object.hasOwn(DECODED, word) ? [DECODED[word] as Coding] : []));
  return codings.length > MOST_CODINGS ? { refused: codings.join(', ') } : codings;
}

/**
 * The plain bytes of a body. Back-pressure reaches through, so that whoever stops reading at a limit has decoded little more. Nothing
 * is decoded before it is read.
 */
export async function decodeBody(body: Readable, codings: readonly Coding[]): Promise<Readable> {
  let plain = body;
  for (const coding of [...codings].reverse()) {
    const decoder = await decoderOf(coding, plain);
    // Errors of either reach who reads, also who begins to read after them.
    decoder.on('error', () => undefined);
    plain = pipeline(plain, decoder, () => undefined);
  }
  return plain;
}

async function decoderOf(coding: Coding, body: Readable) {
  switch (coding) {
    case 'gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      // The standard means zlib's wrapping, and many servers send without it. A deflated block never begins with this half byte.
      return ((await peek(body)) & 0x0f) === 8 ? createInflate() : createInflateRaw();
  }
}

/** The first byte, which stays in the stream; 0 for an empty one. */
async function peek(body: Readable): Promise<number> {
  for (;;) {
    const chunk: Buffer | null = body.read();
    if (chunk !== null) {
      body.unshift(chunk);
      return chunk[0] ?? 0;
    }
    if (body.readableEnded) return 0;
    await Promise.race([once(body, 'readable'), once(body, 'end')]);
  }
}

/** Whether an error says that the bytes are not what their coding promises. */
export function isUndecodable(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(Z_|ERR__)/.test(code);
}
