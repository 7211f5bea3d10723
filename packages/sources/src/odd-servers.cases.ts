import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

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

const TYPE = 'Content-Type: video/mp4';
const length = (body: Buffer): string => `Content-Length: ${body.length}`;

const headOf = (lines: readonly string[], eol = '\r\n'): Buffer =>
  Buffer.from(`${[...lines, 'Connection: close'].join(eol)}${eol}${eol}`);
const send = (lines: readonly string[], body: Buffer = Buffer.alloc(0), eol = '\r\n'): OddAnswer => ({
  bytes: Buffer.concat([headOf(lines, eol), body]),
});
const whole = (...lines: string[]): OddAnswer => send(['HTTP/1.1 200 OK', TYPE, length(FILE), ...lines], FILE);
const status = (line: string, ...lines: string[]): OddAnswer =>
  send([`HTTP/1.1 ${line}`, 'Content-Length: 2', ...lines], Buffer.from('no'));
const redirect = (location: string, ...lines: string[]): OddAnswer =>
  send(['HTTP/1.1 302 Found', `Location: ${location}`, 'Content-Length: 0', ...lines]);

const always = (answer: OddAnswer) => (): OddAnswer => answer;
/** The first request is redirected, the next one gets the file if it is right. */
const then =
  (first: OddAnswer, isRight: (request: OddRequest) => boolean) =>
  (request: OddRequest): OddAnswer =>
    request.number === 1 ? first : isRight(request) ? whole() : status('403 Forbidden');

const chunked = (body: Buffer, { size = 5_000, extension = '', trailer = '' } = {}): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
};

const encoded = (coding: string, body: Buffer): OddAnswer =>
  send(['HTTP/1.1 200 OK', TYPE, length(body), `Content-Encoding: ${coding}`], body);

/** Breaks off behind what it has `begun`; gives the rest to who asks for it with `validator`. */
function breaksOff({
  validator = 'ETag: "1"',
  begun = FILE.subarray(0, 40_000),
  rest = (from: number): OddAnswer => part(from, FILE.length - 1),
  head = [length(FILE)],
}: {
  validator?: string;
  begun?: Buffer;
  rest?: (from: number, request: OddRequest) => OddAnswer;
  head?: readonly string[];
} = {}) {
  return (request: OddRequest): OddAnswer => {
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    if (from !== undefined) return rest(Number(from), request);
    return { ...send(['HTTP/1.1 200 OK', TYPE, validator, ...head], begun), cut: true };
  };
}

const part = (first: number, last: number, ...lines: string[]): OddAnswer => {
  const body = FILE.subarray(first, last + 1);
  const range = `Content-Range: bytes ${first}-${last}/${FILE.length}`;
  return send(['HTTP/1.1 206 Partial Content', TYPE, length(body), range, ...lines], body);
};
const cut = (answer: OddAnswer): OddAnswer => ({ ...answer, cut: true });
const replaced = send(['HTTP/1.1 200 OK', TYPE, length(OTHER_FILE), 'ETag: "2"'], OTHER_FILE);

const server = (
  what: string,
  sends: string,
  expected: string,
  answer: OddServer['answer'],
  requests?: number,
): OddServer => ({
  ...{ what, sends, expected, answer },
  ...(requests !== undefined && { requests }),
});

const BOMB = gzipSync(Buffer.alloc(MAX_BYTES * 20));
const SETTLED = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:00:00 GMT';
const FRESH = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:30 GMT';
const BROKEN = 'source_unreachable: could not be fetched';

export const ODD_SERVERS: readonly OddServer[] = [
  ...['', 'identity', 'IDENTITY', 'none', 'aws-chunked', 'utf-8', 'binary', 'x-unheard-of', 'identity, none'].map(
    (coding) =>
      server(
        'Content-Encoding',
        `"${coding}" and plain bytes`,
        'the file',
        always(whole(`Content-Encoding: ${coding}`)),
      ),
  ),
  ...(
    [
      ['gzip', gzipSync(FILE)],
      ['x-gzip', gzipSync(FILE)],
      ['br', brotliCompressSync(FILE, { params: { 1: 1 } })],
      ['deflate', deflateSync(FILE)],
      ['deflate', deflateRawSync(FILE)],
      ['aws-chunked, gzip', gzipSync(FILE)],
      ['gzip, br', brotliCompressSync(gzipSync(FILE), { params: { 1: 1 } })],
    ] as const
  ).map(([coding, body], index) =>
    server('Content-Encoding', `${coding}, and it is (${index})`, 'the file', always(encoded(coding, body))),
  ),
  ...['zstd', 'compress'].map((coding) =>
    server('Content-Encoding', coding, `source_unreachable for good: ${coding}`, always(encoded(coding, FILE))),
  ),
  server(
    'Content-Encoding',
    'gzip and plain bytes',
    'source_unreachable for good: gzip',
    always(encoded('gzip', FILE)),
  ),
  server(
    ...(['Content-Encoding', 'gzip that ends early', 'source_unreachable for good: gzip'] as const),
    always(encoded('gzip', gzipSync(FILE).subarray(0, 50_000))),
  ),
  server('Content-Encoding', 'a bomb of gzip', 'source_too_large for good', always(encoded('gzip', BOMB))),
  server(
    'Content-Encoding',
    'a bomb in a bomb',
    'source_too_large for good',
    always(encoded('gzip, gzip', gzipSync(BOMB))),
  ),
  server(
    ...(['Content-Encoding', 'gzip three times', 'source_unreachable for good: gzip, gzip, gzip'] as const),
    always(encoded('gzip, gzip, gzip', FILE)),
  ),

  server('status', '203', 'the file', always(send(['HTTP/1.1 203 Other', TYPE, length(FILE)], FILE))),
  server('status', '206 with the whole file', 'the file', always(part(0, FILE.length - 1))),
  server('status', '206 with a part', 'source_unreachable for good: a part', always(part(0, 9_999))),
  server('status', '206 with the end', 'source_unreachable for good: a part', always(part(1, FILE.length - 1))),
  server(
    ...(['status', '206 of a length that nobody tells', 'source_unreachable for good: a part'] as const),
    always(send(['HTTP/1.1 206 X', length(FILE), `Content-Range: bytes 0-${FILE.length - 1}/*`], FILE)),
  ),
  server(
    'status',
    '206 without a range',
    'source_unreachable for good: a part',
    always(send(['HTTP/1.1 206 X', length(FILE)], FILE)),
  ),
  server('status', '204', 'source_unreachable for good: answered 204', always(send(['HTTP/1.1 204 No Content']))),
  server('status', '103 before 200', 'the file', () => ({
    bytes: Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), whole().bytes]),
  })),
  server('status', '200 without a word', 'the file', always(send(['HTTP/1.1 200', TYPE, length(FILE)], FILE))),
  server('status', 'HTTP/1.0 without a length', 'the file', always(send(['HTTP/1.0 200 OK', TYPE], FILE))),
  server('status', '403', 'source_unreachable for good: answered 403', always(status('403 Forbidden'))),
  server('status', '500', 'source_unreachable: answered 500', always(status('500 X'))),

  ...['202 Accepted', '429 Too Many', '503 X'].map((line) =>
    server(
      'Retry-After',
      `45, with ${line}`,
      'source_unreachable, again in 45 s: 45 s',
      always(status(line, 'Retry-After: 45')),
    ),
  ),
  server(
    ...(['Retry-After', 'a date a minute after its own', 'source_unreachable, again in 60 s: 60 s'] as const),
    always(status('503 X', 'Date: Sun, 06 Nov 1994 08:49:37 GMT', 'Retry-After: Sun, 06 Nov 1994 08:50:37 GMT')),
  ),
  server(
    ...(['Retry-After', 'a date that is over', 'source_unreachable, again in 0 s: 0 s'] as const),
    always(status('503 X', 'Retry-After: Sunday, 06-Nov-94 08:49:37 GMT')),
  ),
  server('Retry-After', 'soon', 'source_unreachable: answered 503', always(status('503 X', 'Retry-After: soon'))),
  server(
    'Retry-After',
    '45, with 403',
    'source_unreachable for good: answered 403',
    always(status('403 X', 'Retry-After: 45')),
  ),

  server('length', 'twice, the same', 'the file', always(whole(length(FILE)))),
  server('length', 'thrice, the same', 'the file', always(whole(length(FILE), length(FILE)))),
  server('length', 'twice in one line', 'the file', () =>
    send(['HTTP/1.1 200 OK', `Content-Length: ${FILE.length}, ${FILE.length}`], FILE),
  ),
  server('length', 'two, not the same', BROKEN, always(whole(`Content-Length: ${FILE.length - 1}`))),
  server('length', 'no number', BROKEN, always(send(['HTTP/1.1 200 OK', 'Content-Length: many'], FILE))),
  server('length', 'one beside chunks', 'the file', () =>
    send(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', length(FILE)], chunked(FILE)),
  ),
  server(
    'length',
    'more than comes',
    BROKEN,
    always(send(['HTTP/1.1 200 OK', `Content-Length: ${FILE.length + 9}`], FILE)),
  ),
  server('length', 'chunks with extensions and a trailer', 'the file', () =>
    send(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], chunked(FILE, { extension: ';a=1', trailer: 'X: 1\r\n' })),
  ),
  server('length', 'chunks that end early', BROKEN, () =>
    send(['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'], chunked(FILE).subarray(0, 50_000)),
  ),
  server('length', 'more than is allowed', 'source_too_large for good', () =>
    send(['HTTP/1.1 200 OK', `Content-Length: ${MAX_BYTES + 1}`], FILE),
  ),

  server('head', 'lines without CR', 'the file', always(send(['HTTP/1.1 200 OK', TYPE, length(FILE)], FILE, '\n'))),
  server('head', '20 kB of one header', 'the file', always(whole(`X-Big: ${'a'.repeat(20_000)}`))),
  server('head', '200 kB of one header', BROKEN, always(whole(`X-Big: ${'a'.repeat(200_000)}`))),
  server('head', 'NUL in a header', 'source_unreachable for good: NUL', always(whole('X-Name: vid\0eo'))),
  server('head', 'bytes beyond ASCII', 'the file', always(whole('X-Name: видео'))),
  server('head', 'no HTTP', BROKEN, always({ bytes: Buffer.from('220 mail.example ESMTP\r\n') })),
  server('head', 'nothing', BROKEN, always({ bytes: Buffer.alloc(0) })),

  server(
    'redirect',
    'raw UTF-8',
    'the file',
    then(redirect('/видео/é.mp4'), ({ path }) => path === '/%D0%B2%D0%B8%D0%B4%D0%B5%D0%BE/%C3%A9.mp4'),
  ),
  server(
    ...(['redirect', 'raw Latin-1', 'the file'] as const),
    then(
      { bytes: Buffer.from('HTTP/1.1 302 F\r\nLocation: /caf\xe9.mp4\r\nContent-Length: 0\r\n\r\n', 'latin1') },
      ({ path }) => path === '/caf%E9.mp4',
    ),
  ),
  server(
    'redirect',
    'spaces',
    'the file',
    then(redirect('/a b+c%2Bd.mp4'), ({ path }) => path === '/a%20b+c%2Bd.mp4'),
  ),
  server(
    'redirect',
    'a fragment',
    'the file',
    then(redirect('/ok.mp4#t=10,20'), ({ path }) => path === '/ok.mp4'),
  ),
  server('redirect', 'without a scheme', 'the file', (request) =>
    then(redirect(`//127.0.0.1:${request.port}/ok.mp4`), ({ path }) => path === '/ok.mp4')(request),
  ),
  server('redirect', 'nowhere', 'source_unreachable for good: answered 302', always(status('302 Found'))),
  server(
    'redirect',
    'a cookie, and whoever lacks it is refused',
    'the file',
    then(redirect('/2', 'Set-Cookie: s=1; Path=/'), ({ headers }) => headers.cookie === 's=1'),
  ),
  server(
    ...(['redirect', 'two cookies, one of them for another path', 'the file'] as const),
    then(
      redirect('/2', 'Set-Cookie: s=1; Path=/', 'Set-Cookie: t=2; Path=/elsewhere', 'Set-Cookie: u=3'),
      ({ headers }) => headers.cookie === 's=1; u=3',
    ),
  ),
  server(...(['redirect', 'a cookie that is taken back', 'the file'] as const), ({ number, headers }) => {
    if (number === 1) return redirect('/2', 'Set-Cookie: s=1');
    if (number === 2) return redirect('/3', 'Set-Cookie: s=; Max-Age=0');
    return headers.cookie === undefined ? whole() : status('403 Forbidden');
  }),
  ...['Set-Cookie: s=1', 'Set-Cookie: s=1; Domain=localhost', 'Set-Cookie: s=1; Domain=127.0.0.1'].map((cookie) =>
    server('redirect', `to another host, with ${cookie}`, 'the file', (request) =>
      then(
        redirect(`http://localhost:${request.port}/2`, cookie),
        ({ headers }) => headers.cookie === undefined,
      )(request),
    ),
  ),

  server('a connection that breaks', 'the rest by ETag', 'the file', breaksOff(), 2),
  server(
    'a connection that breaks',
    'the rest by the time of its last change',
    'the file',
    breaksOff({ validator: SETTLED }),
    2,
  ),
  server(
    'a connection that breaks',
    'in the middle of its chunks',
    'the file',
    breaksOff({
      head: ['Transfer-Encoding: chunked'],
      begun: chunked(FILE).subarray(0, 52_000),
    }),
    2,
  ),
  server(
    'a connection that breaks',
    'again and again',
    'the file',
    breaksOff({
      rest: (from) =>
        from < 90_000
          ? cut(
              send(
                [
                  'HTTP/1.1 206 X',
                  `Content-Range: bytes ${from}-${FILE.length - 1}/${FILE.length}`,
                  length(FILE.subarray(from)),
                  'ETag: "1"',
                ],
                FILE.subarray(from, from + 10_000),
              ),
            )
          : part(from, FILE.length - 1),
    }),
    7,
  ),
  server(
    'a connection that breaks',
    'and brings nothing more',
    BROKEN,
    breaksOff({
      rest: (from) =>
        cut(
          send([
            'HTTP/1.1 206 X',
            `Content-Range: bytes ${from}-${FILE.length - 1}/${FILE.length}`,
            length(FILE.subarray(from)),
          ]),
        ),
    }),
    2,
  ),
  server(
    'a connection that breaks',
    'a byte at a time',
    BROKEN,
    breaksOff({
      rest: (from) =>
        cut(
          send(
            [
              'HTTP/1.1 206 X',
              `Content-Range: bytes ${from}-${FILE.length - 1}/${FILE.length}`,
              length(FILE.subarray(from)),
            ],
            FILE.subarray(from, from + 1),
          ),
        ),
    }),
    9,
  ),
  server('a connection that breaks', 'a weak ETag', BROKEN, breaksOff({ validator: 'ETag: W/"1"' }), 1),
  server('a connection that breaks', 'no validator', BROKEN, breaksOff({ validator: 'X: 1' }), 1),
  server('a connection that breaks', 'changed seconds ago', BROKEN, breaksOff({ validator: FRESH }), 1),
  server(
    'a connection that breaks',
    'no ranges',
    BROKEN,
    breaksOff({ validator: 'ETag: "1"\r\nAccept-Ranges: none' }),
    1,
  ),
  server('a connection that breaks', 'another file then', 'the other file', breaksOff({ rest: () => replaced }), 2),
  server(
    'a connection that breaks',
    'another file each time',
    'source_unreachable: became another file',
    breaksOff({
      rest: (_from, { number }) =>
        cut(send(['HTTP/1.1 200 OK', length(FILE), `ETag: "${number}"`], FILE.subarray(0, 90_000))),
    }),
    4,
  ),
  server(
    'a connection that breaks',
    'a rest of another ETag',
    BROKEN,
    breaksOff({ rest: (from) => part(from, FILE.length - 1, 'ETag: "2"') }),
    2,
  ),
  server(
    'a connection that breaks',
    'a rest from elsewhere',
    BROKEN,
    breaksOff({ rest: (from) => part(from - 1, FILE.length - 1) }),
    2,
  ),
  server(
    'a connection that breaks',
    'a piece of the rest',
    BROKEN,
    breaksOff({ rest: (from) => part(from, from + 9) }),
    2,
  ),
  server(
    'a connection that breaks',
    'a rest of another length',
    BROKEN,
    breaksOff({
      rest: (from) =>
        send(['HTTP/1.1 206 X', `Content-Range: bytes ${from}-${FILE.length}/${FILE.length + 1}`], FILE.subarray(from)),
    }),
    2,
  ),
  server('a connection that breaks', '416 then', BROKEN, breaksOff({ rest: () => status('416 X') }), 2),
  server('a connection that breaks', '404 then', BROKEN, breaksOff({ rest: () => status('404 X') }), 2),
  server('a connection that breaks', 'a redirect then', BROKEN, breaksOff({ rest: () => redirect('/elsewhere') }), 2),
  server(
    'a connection that breaks',
    '503 and a time then',
    'source_unreachable, again in 9 s: 9 s',
    breaksOff({
      rest: () => status('503 X', 'Retry-After: 9'),
    }),
    2,
  ),
  server(
    'a connection that breaks',
    'gzip, and the rest of it',
    'the file',
    (request) => {
      const body = gzipSync(FILE);
      const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
      const lines = ['ETag: "1"', 'Content-Encoding: gzip'];
      if (from === undefined) return cut(send(['HTTP/1.1 200 OK', length(body), ...lines], body.subarray(0, 50_000)));
      const range = `Content-Range: bytes ${from}-${body.length - 1}/${body.length}`;
      return send(['HTTP/1.1 206 X', range, ...lines], body.subarray(Number(from)));
    },
    2,
  ),
];
