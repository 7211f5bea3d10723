import { Duplex } from 'node:stream';

/** Longer heads are not mended: the parser refuses them by its own limit. */
const MOST_HEAD_BYTES = 65_536;
const END_OF_HEAD = /\r?\n\r?\n/;

/**
 * The connection, with the head of its answer as Node's parser takes it: a length that is told twice, and both times the same, is
 * told once (RFC 9110, 8.6; so do browsers and curl). Different ones stay, and are refused. All else passes as it is.
 */
export function mendConnection(connection: Duplex): Duplex {
  return new MendedConnection(connection);
}

class MendedConnection extends Duplex {
  readonly #connection: Duplex;
  /** What has come of the head; null once it has passed. */
  #head: Buffer | null = Buffer.alloc(0);

  constructor(connection: Duplex) {
    super();
    this.#connection = connection;
    let hasEnded = false;
    connection.on('data', (chunk: Buffer) => this.#pass(this.#mend(chunk)));
    connection.once('end', () => {
      hasEnded = true;
      if (this.#head !== null) this.#pass(this.#head);
      this.push(null);
    });
    connection.on('error', (error) => this.destroy(error));
    connection.once('close', () => {
      if (!hasEnded) this.destroy(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' }));
    });
  }

  override _read(): void {
    this.#connection.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#connection.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#connection.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#connection.destroy();
    done(error);
  }

  #pass(bytes: Buffer): void {
    if (bytes.length > 0 && !this.push(bytes)) this.#connection.pause();
  }

  #mend(chunk: Buffer): Buffer {
    if (this.#head === null) return chunk;
    const bytes = Buffer.concat([this.#head, chunk]);
    const text = bytes.toString('latin1');
    const end = END_OF_HEAD.exec(text);
    if (end === null) {
      this.#head = bytes.length > MOST_HEAD_BYTES ? null : bytes;
      return this.#head === null ? bytes : Buffer.alloc(0);
    }
    const length = end.index + end[0].length;
    const head = Buffer.from(mendHead(text.slice(0, length)), 'latin1');
    // Behind an interim answer (103 Early Hints) comes the next head.
    this.#head = /^HTTP\/1\.\d 1\d\d\b/.test(text) ? Buffer.alloc(0) : null;
    return Buffer.concat([head, this.#mend(bytes.subarray(length))]);
  }
}

const LENGTH_LINE = /^content-length:[ \t]*([\d, \t]*)\r?$/i;

/** The head with one `Content-Length`, if all that it has are the same. */
export function mendHead(head: string): string {
  const lines = head.split('\n');
  const told = lines.map((line) => LENGTH_LINE.exec(line)?.[1]);
  const lengths = told.flatMap((value) => value?.split(',').map((part) => part.trim()) ?? []);
  const [first] = lengths;
  if (lengths.length < 2 || first === undefined || lengths.some((length) => length !== first)) return head;
  const at = told.findIndex((value) => value !== undefined);
  return lines
    .map((line, index) => (index === at ? `Content-Length: ${first}\r` : line))
    .filter((_, index) => index === at || told[index] === undefined)
    .join('\n');
}
