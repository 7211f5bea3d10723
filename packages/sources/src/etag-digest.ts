import { createHash, type Hash } from 'node:crypto';

/** The part size of our own uploads and of the usual tools: an object of several parts has the digest of its parts' digests. */
const PART_BYTES = 8 * 1024 * 1024;
const ETAG = /^"?([0-9a-f]{32})(?:-(\d{1,5}))?"?$/;

/**
 * Compares a body with the ETag of its object, which most stores make of the bytes' MD5: of the whole, or for an object that came in
 * parts of the parts' digests with their number behind it. An ETag of another form tells nothing.
 */
export class EtagDigest {
  readonly #whole = createHash('md5');
  readonly #parts = createHash('md5');
  #part: Hash = createHash('md5');
  #bytesInPart = 0;
  #countOfParts = 0;

  update(chunk: Uint8Array): void {
    this.#whole.update(chunk);
    for (let from = 0; from < chunk.byteLength; ) {
      const piece = chunk.subarray(from, from + PART_BYTES - this.#bytesInPart);
      this.#part.update(piece);
      this.#bytesInPart += piece.byteLength;
      from += piece.byteLength;
      if (this.#bytesInPart === PART_BYTES) this.#endPart();
    }
  }

  /** Call it once, at the end. Null where the ETag tells nothing of these bytes. */
  matches(etag: string): boolean | null {
    const [, digest, parts] = ETAG.exec(etag) ?? [];
    if (digest === undefined) return null;
    if (parts === undefined) return this.#whole.digest('hex') === digest;
    if (this.#bytesInPart > 0) this.#endPart();
    // In parts of another size: their digests cannot be told.
    if (Number(parts) !== this.#countOfParts) return null;
    return this.#parts.digest('hex') === digest;
  }

  #endPart(): void {
    this.#parts.update(this.#part.digest());
    this.#part = createHash('md5');
    this.#bytesInPart = 0;
    this.#countOfParts += 1;
  }
}
