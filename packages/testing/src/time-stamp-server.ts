import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startHttpServer } from './http-server.js';

export interface TimeStampServer {
  readonly url: string;
  /** Path of the root that has issued its certificate, in PEM. */
  readonly certificate: string;
  /** What it answers in the place of stamps; null: stamps. */
  answer: Buffer | null;
  stop(): Promise<void>;
}

const CONFIG = `[tsa]
default_tsa = own
[own]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

const PURPOSE = `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
`;

/** A server for time stamps (RFC 3161) of the test's own: OpenSSL answers. */
export async function startTimeStampServer(): Promise<TimeStampServer> {
  const cwd = await mkdtemp(join(tmpdir(), 'styleflow-tsa-'));
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd });
  await writeFile(join(cwd, 'tsa.cnf'), CONFIG);
  await writeFile(join(cwd, 'serial'), '01\n');
  await writeFile(join(cwd, 'purpose.cnf'), PURPOSE);
  const key = (file: string) => [
    ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    '-keyout',
    file,
  ];
  const root = ['-subj', '/CN=root of a test', '-addext', 'keyUsage=critical,keyCertSign', '-out', 'root.pem'];
  await openssl('req', '-x509', '-days', '1', ...key('root.key'), ...root);
  await openssl('req', '-new', ...key('key.pem'), '-subj', '/CN=stamps of a test', '-out', 'request.pem');
  const issuer = ['-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '1', '-extfile', 'purpose.cnf'];
  await openssl('x509', '-req', '-in', 'request.pem', ...issuer, '-out', 'certificate.pem');
  let count = 0;
  const state = { answer: null as Buffer | null };
  const stamp = async (request: Buffer): Promise<Buffer> => {
    count += 1;
    const [query, reply] = [`${count}.tsq`, `${count}.tsr`];
    await writeFile(join(cwd, query), request);
    const signer = ['-config', 'tsa.cnf', '-section', 'own', '-signer', 'certificate.pem', '-inkey', 'key.pem'];
    await openssl('ts', '-reply', '-queryfile', query, ...signer, '-out', reply);
    return readFile(join(cwd, reply));
  };
  const server = await startHttpServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    response.setHeader('Content-Type', 'application/timestamp-reply');
    response.end(state.answer ?? (await stamp(body)));
  });
  return {
    url: server.url,
    certificate: join(cwd, 'root.pem'),
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    async stop() {
      await server.stop();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}
