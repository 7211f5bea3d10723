import { createHash } from 'node:crypto';

const FIRST_PLACES = 4_096;
/** Above this share of places taken the table doubles. */
const MAX_LOAD = 0.5;

/**
 * Which ids a manifest has had, and in which line. It keeps eight bytes of each id's SHA-256 and four of its line, in a table that
 * is at most half full: 48 bytes an id at the most, 24 MB for a million, whatever the ids are. That two of a million ids share
 * these eight bytes happens once in 37 million manifests.
 */
export class SeenIds {
  #digests = new BigUint64Array(FIRST_PLACES);
  #lines = new Uint32Array(FIRST_PLACES);
  #count = 0;

  /** Null for a new id, which is remembered; the line of the first one otherwise. */
  add(id: string, line: number): number | null {
    if (this.#count >= this.#digests.length * MAX_LOAD) this.#grow();
    const digest = createHash('sha256').update(id).digest().readBigUInt64LE(0) || 1n;
    const place = this.#placeOf(digest);
    if (this.#digests[place] === digest) return this.#lines[place] ?? 0;
    this.#digests[place] = digest;
    this.#lines[place] = line;
    this.#count += 1;
    return null;
  }

  #placeOf(digest: bigint): number {
    const mask = this.#digests.length - 1;
    let place = Number(digest & BigInt(mask));
    while (this.#digests[place] !== 0n && this.#digests[place] !== digest) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [digests, lines] = [this.#digests, this.#lines];
    this.#digests = new BigUint64Array(digests.length * 2);
    this.#lines = new Uint32Array(digests.length * 2);
    digests.forEach((digest, from) => {
      if (digest === 0n) return;
      const place = this.#placeOf(digest);
      this.#digests[place] = digest;
      this.#lines[place] = lines[from] ?? 0;
    });
  }
}
