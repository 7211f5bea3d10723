import { type IncomingMessage, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { JobError, type Problem } from '@styleflow/contracts';
import { problemOf } from './error-response.js';

/** What Node's parser refuses before any route sees it, by the code of its error; anything else is a malformed request. */
const REFUSALS: Readonly<Record<string, { readonly status: number; readonly error: JobError }>> = {
  HPE_HEADER_OVERFLOW: refusal(431, 'invalid_request', 'The request line and the headers have more than 16 KB.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: refusal(413, 'payload_too_large', 'The chunk extensions of the body are too long.'),
  ERR_HTTP_REQUEST_TIMEOUT: refusal(408, 'invalid_request', 'The headers did not arrive in time.'),
};
const MALFORMED = refusal(400, 'invalid_request', 'This is no well-formed HTTP request.');
const NO_HOST = refusal(400, 'invalid_request', 'A request of HTTP/1.1 names its host in the header Host, once.');
const NO_EXPECTATION = refusal(417, 'invalid_request', 'Of the header Expect only "100-continue" is known.');

function refusal(status: number, code: 'invalid_request' | 'payload_too_large', sentence: string) {
  return { status, error: new JobError(code, sentence) };
}

/**
 * Answers what the parser of Node refuses, and what Node would answer itself, as problem+json like everything else. A connection
 * on which an answer is under way, or whose client has gone, is cut.
 */
export function answerParserRefusals(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => answering.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = answering.get(socket);
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (!socket.writable || isAnswering || error.code === 'ECONNRESET') return void socket.destroy();
    const { status, error: refused } = REFUSALS[error.code ?? ''] ?? MALFORMED;
    socket.end(rawAnswer(problemOf(refused, '', status)), () => socket.destroy());
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    send(request, response, NO_EXPECTATION),
  );
}

/** Lets a request through to `handler` that names its host, as HTTP/1.1 demands. Node's own answer to others has no body. */
export function withHost(handler: RequestListener): RequestListener {
  return (request, response) => {
    const isOld = request.httpVersionMajor === 1 && request.httpVersionMinor === 0;
    if (!isOld && request.headers.host === undefined) send(request, response, NO_HOST);
    else handler(request, response);
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, error }: typeof MALFORMED): void {
  request.resume();
  const body = JSON.stringify(problemOf(error, request.url?.split('?')[0] ?? '', status));
  const length = Buffer.byteLength(body);
  response
    .writeHead(status, { 'Content-Type': 'application/problem+json', 'Content-Length': length, Connection: 'close' })
    .end(body);
}

/** The parser has no response object to answer with. */
function rawAnswer(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
