import { randomBytes } from 'node:crypto';

/** What a request looks like to an odd server. */
export interface OddRequest {
  readonly path: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which request of this fetch it is, from 1 on. */
  readonly number: number;
  /** The port that was asked. */
  readonly port: number;
}

/** Raw bytes, after which the connection ends; `cut`: it breaks. */
export interface OddAnswer {
  readonly bytes: Buffer;
  readonly cut?: boolean;
}

/** A server that does one thing in an odd way: what it sends, and what has to come of it. */
export interface OddServer {
  readonly what: string;
  readonly sends: string;
  /** `the file`, or how the fetch ends: the code, `for good` where it is not tried again, and the words that tell why. */
  readonly expected: string;
  readonly answer: (request: OddRequest) => OddAnswer;
  /** How many requests it takes; default: any number. */
  readonly requests?: number;
}

/** Random, so that a byte that is lost or doubled is seen. */
export const FILE = randomBytes(100_000);
/** What lies there after somebody has replaced it. */
export const OTHER_FILE = randomBytes(90_000);
export const MAX_BYTES = 1_000_000;

export const TYPE = 'Content-Type: video/mp4';
export const length = (body: Buffer): string => `Content-Length: ${body.length}`;

const headOf = (lines: readonly string[], eol = '\r\n'): Buffer =>
  Buffer.from(`${[...lines, 'Connection: close'].join(eol)}${eol}${eol}`);
export const send = (lines: readonly string[], body: Buffer = Buffer.alloc(0), eol = '\r\n'): OddAnswer => ({
  bytes: Buffer.concat([headOf(lines, eol), body]),
});
export const whole = (...lines: string[]): OddAnswer => send(['HTTP/1.1 200 OK', TYPE, length(FILE), ...lines], FILE);
export const status = (line: string, ...lines: string[]): OddAnswer =>
  send([`HTTP/1.1 ${line}`, 'Content-Length: 2', ...lines], Buffer.from('no'));
export const redirect = (location: string, ...lines: string[]): OddAnswer =>
  send(['HTTP/1.1 302 Found', `Location: ${location}`, 'Content-Length: 0', ...lines]);

export const always = (answer: OddAnswer) => (): OddAnswer => answer;
/** The first request is redirected, the next one gets the file if it is right. */
export const redirectedThen =
  (first: OddAnswer, isRight: (request: OddRequest) => boolean) =>
  (request: OddRequest): OddAnswer =>
    request.number === 1 ? first : isRight(request) ? whole() : status('403 Forbidden');

export const chunked = (body: Buffer, { size = 5_000, extension = '', trailer = '' } = {}): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
};

export const encoded = (coding: string, body: Buffer): OddAnswer =>
  send(['HTTP/1.1 200 OK', TYPE, length(body), `Content-Encoding: ${coding}`], body);

export const part = (first: number, last: number, ...lines: string[]): OddAnswer => {
  const body = FILE.subarray(first, last + 1);
  const range = `Content-Range: bytes ${first}-${last}/${FILE.length}`;
  return send(['HTTP/1.1 206 Partial Content', TYPE, length(body), range, ...lines], body);
};
export const cut = (answer: OddAnswer): OddAnswer => ({ ...answer, cut: true });

export const server = (
  what: string,
  sends: string,
  expected: string,
  answer: OddServer['answer'],
  requests?: number,
): OddServer => ({
  ...{ what, sends, expected, answer },
  ...(requests !== undefined && { requests }),
});

export const BROKEN = 'source_unreachable: could not be fetched';
