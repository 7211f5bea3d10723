import { gzipSync } from 'node:zlib';
import {
  BROKEN,
  chunked,
  cut,
  FILE,
  length,
  type OddAnswer,
  type OddRequest,
  type OddServer,
  OTHER_FILE,
  part,
  redirect,
  send,
  server,
  status,
  TYPE,
} from './test-odd-answers.js';

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

const replaced = send(['HTTP/1.1 200 OK', TYPE, length(OTHER_FILE), 'ETag: "2"'], OTHER_FILE);

const SETTLED = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:00:00 GMT';
const FRESH = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:30 GMT';

/** @param requests how many it takes */
const breaking = (sends: string, expected: string, answer: OddServer['answer'], requests: number): OddServer =>
  server('a connection that breaks', sends, expected, answer, requests);

/** Connections that break in the middle of the file, and what is there for who comes back for the rest. */
export const BREAKING_CONNECTIONS: readonly OddServer[] = [
  breaking('the rest by ETag', 'the file', breaksOff(), 2),
  breaking('the rest by the time of its last change', 'the file', breaksOff({ validator: SETTLED }), 2),
  breaking(
    'in the middle of its chunks',
    'the file',
    breaksOff({
      head: ['Transfer-Encoding: chunked'],
      begun: chunked(FILE).subarray(0, 52_000),
    }),
    2,
  ),
  breaking(
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
  breaking(
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
  breaking(
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
  breaking('a weak ETag', BROKEN, breaksOff({ validator: 'ETag: W/"1"' }), 1),
  breaking('no validator', BROKEN, breaksOff({ validator: 'X: 1' }), 1),
  breaking('changed seconds ago', BROKEN, breaksOff({ validator: FRESH }), 1),
  breaking('no ranges', BROKEN, breaksOff({ validator: 'ETag: "1"\r\nAccept-Ranges: none' }), 1),
  breaking('another file then', 'the other file', breaksOff({ rest: () => replaced }), 2),
  breaking(
    'another file each time',
    'source_unreachable: became another file',
    breaksOff({
      rest: (_from, { number }) =>
        cut(send(['HTTP/1.1 200 OK', length(FILE), `ETag: "${number}"`], FILE.subarray(0, 90_000))),
    }),
    4,
  ),
  breaking(
    'a rest of another ETag',
    BROKEN,
    breaksOff({ rest: (from) => part(from, FILE.length - 1, 'ETag: "2"') }),
    2,
  ),
  breaking('a rest from elsewhere', BROKEN, breaksOff({ rest: (from) => part(from - 1, FILE.length - 1) }), 2),
  breaking('a piece of the rest', BROKEN, breaksOff({ rest: (from) => part(from, from + 9) }), 2),
  breaking(
    'a rest of another length',
    BROKEN,
    breaksOff({
      rest: (from) =>
        send(['HTTP/1.1 206 X', `Content-Range: bytes ${from}-${FILE.length}/${FILE.length + 1}`], FILE.subarray(from)),
    }),
    2,
  ),
  breaking('416 then', BROKEN, breaksOff({ rest: () => status('416 X') }), 2),
  breaking('404 then', BROKEN, breaksOff({ rest: () => status('404 X') }), 2),
  breaking('a redirect then', BROKEN, breaksOff({ rest: () => redirect('/elsewhere') }), 2),
  breaking(
    '503 and a time then',
    'source_unreachable, again in 9 s: 9 s',
    breaksOff({
      rest: () => status('503 X', 'Retry-After: 9'),
    }),
    2,
  ),
  breaking(
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
