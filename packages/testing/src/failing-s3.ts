import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { listenOnLoopback } from './listen-on-loopback.js';

/** What becomes of a call that a rule takes. */
export type S3Fault =
  /** An error of the server's, at once. */
  | { readonly kind: 'status'; readonly status: 500 | 503 }
  /** Taken and never answered. */
  | { readonly kind: 'silence' }
  /** The connection breaks before the answer. */
  | { readonly kind: 'cut' }
  /** The answer states its whole length, and the connection breaks after half of it: a write is done and not confirmed. */
  | { readonly kind: 'half' }
  /** One byte of the body is another; only of answers to GET. */
  | { readonly kind: 'changed' }
  /** Another, empty bucket: nothing is found, and what is written is thrown away. */
  | { readonly kind: 'empty' };

export interface S3Rule {
  readonly fault: S3Fault;
  /** Default: every method. */
  readonly methods?: readonly string[];
  /** Of the calls with these methods; default 1, all. */
  readonly share?: number;
  /** Draws whether a call is among the share. */
  readonly random?: () => number;
}

export interface FailingS3 {
  /** The endpoint for who shall meet the faults; path-style addressing. */
  readonly endpoint: string;
  readonly port: number;
  /** Calls that a rule has taken. */
  readonly taken: number;
  /** The rule holds until the function that comes back is called. Of several rules the latest takes a call first. */
  fail(rule: S3Rule): () => void;
  stop(): Promise<void>;
}

/**
 * A way to an S3 server that answers badly when it is told to. Calls pass unchanged, `Host` included, so signatures hold.
 */
export async function startFailingS3(target: { endpoint: string }): Promise<FailingS3> {
  const { hostname, port: targetPort } = new URL(target.endpoint);
  let rules: S3Rule[] = [];
  let taken = 0;
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy());
    const rule = rules.find(({ methods, share = 1, random = Math.random }) => {
      const isMeant = methods === undefined || methods.includes(request.method ?? '');
      return isMeant && (share >= 1 || random() < share);
    });
    if (rule !== undefined) taken += 1;
    answer(rule?.fault ?? null, request, response);
  });
  const answer = (fault: S3Fault | null, request: IncomingMessage, response: ServerResponse): void => {
    switch (fault?.kind) {
      case 'status':
        request.resume();
        sendProblem(response, fault.status, fault.status === 503 ? 'SlowDown' : 'InternalError');
        return;
      case 'silence':
        request.resume();
        return;
      case 'cut':
        request.socket.resetAndDestroy();
        return;
      case 'empty':
        request.resume();
        request.once('end', () => answerAsEmpty(request, response));
        return;
      default:
        pass(fault?.kind ?? null, request, response);
    }
  };
  const pass = (fault: 'half' | 'changed' | null, request: IncomingMessage, response: ServerResponse): void => {
    const onward = send(
      { host: hostname, port: targetPort, method: request.method, path: request.url, headers: request.headers },
      (answered) => {
        answered.on('error', () => response.destroy());
        response.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
        if (fault === null || (fault === 'changed' && request.method !== 'GET')) {
          answered.pipe(response);
          return;
        }
        const pieces: Buffer[] = [];
        answered.on('data', (piece: Buffer) => pieces.push(piece));
        answered.once('end', () => {
          const body = Buffer.concat(pieces);
          if (fault === 'changed') response.end(withOneByteChanged(body));
          else if (body.length < 2) request.socket.resetAndDestroy();
          else response.write(body.subarray(0, body.length >> 1), () => request.socket.destroySoon());
        });
      },
    );
    onward.on('error', () => request.socket.resetAndDestroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  };
  const port = await listenOnLoopback(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    get taken() {
      return taken;
    },
    fail(rule) {
      rules = [rule, ...rules];
      return () => {
        rules = rules.filter((other) => other !== rule);
      };
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function sendProblem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** As a bucket without objects answers; it forgets what is put into it. */
function answerAsEmpty(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bucket');
  const isObject = pathname.split('/').filter((part) => part !== '').length > 1;
  const isCopy = request.headers['x-amz-copy-source'] !== undefined;
  if (request.method === 'GET' && !isObject) {
    response.writeHead(200, { 'Content-Type': 'application/xml' });
    response.end('<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>');
  } else if (request.method === 'PUT' && !isCopy && !searchParams.has('uploadId')) {
    response.writeHead(200, { ETag: '"d41d8cd98f00b204e9800998ecf8427e"' }).end();
  } else if (request.method === 'DELETE') response.writeHead(204).end();
  else if (request.method === 'HEAD') response.writeHead(isObject ? 404 : 200).end();
  else sendProblem(response, 404, searchParams.has('uploadId') ? 'NoSuchUpload' : 'NoSuchKey');
}

function withOneByteChanged(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = body.length >> 1;
  if (body.length > 0) changed[at] = (body[at] ?? 0) ^ 0xff;
  return changed;
}
