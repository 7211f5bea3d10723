import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import {
  always,
  BROKEN,
  chunked,
  encoded,
  FILE,
  length,
  MAX_BYTES,
  type OddServer,
  part,
  redirect,
  redirectedThen,
  send,
  server,
  status,
  TYPE,
  whole,
} from './test-odd-answers.js';

const BOMB = gzipSync(Buffer.alloc(MAX_BYTES * 20));

/** Whole files, and what is none, in odd forms. */
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
    redirectedThen(redirect('/видео/é.mp4'), ({ path }) => path === '/%D0%B2%D0%B8%D0%B4%D0%B5%D0%BE/%C3%A9.mp4'),
  ),
  server(
    ...(['redirect', 'raw Latin-1', 'the file'] as const),
    redirectedThen(
      { bytes: Buffer.from('HTTP/1.1 302 F\r\nLocation: /caf\xe9.mp4\r\nContent-Length: 0\r\n\r\n', 'latin1') },
      ({ path }) => path === '/caf%E9.mp4',
    ),
  ),
  server(
    'redirect',
    'spaces',
    'the file',
    redirectedThen(redirect('/a b+c%2Bd.mp4'), ({ path }) => path === '/a%20b+c%2Bd.mp4'),
  ),
  server(
    'redirect',
    'a fragment',
    'the file',
    redirectedThen(redirect('/ok.mp4#t=10,20'), ({ path }) => path === '/ok.mp4'),
  ),
  server('redirect', 'without a scheme', 'the file', (request) =>
    redirectedThen(redirect(`//127.0.0.1:${request.port}/ok.mp4`), ({ path }) => path === '/ok.mp4')(request),
  ),
  server('redirect', 'nowhere', 'source_unreachable for good: answered 302', always(status('302 Found'))),
  server(
    'redirect',
    'a cookie, and whoever lacks it is refused',
    'the file',
    redirectedThen(redirect('/2', 'Set-Cookie: s=1; Path=/'), ({ headers }) => headers.cookie === 's=1'),
  ),
  server(
    ...(['redirect', 'two cookies, one of them for another path', 'the file'] as const),
    redirectedThen(
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
      redirectedThen(
        redirect(`http://localhost:${request.port}/2`, cookie),
        ({ headers }) => headers.cookie === undefined,
      )(request),
    ),
  ),
];
