import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface TlsFiles {
  readonly key: string;
  /** A certificate that is signed by itself. A client that trusts it trusts the server. */
  readonly certificate: string;
  remove(): Promise<void>;
}

/** What `openssl ca` has to know to sign a request with its own key. */
const OWN_AUTHORITY = `[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
`;

/**
 * Makes a key and a certificate for the test, valid for a day.
 * @param names whom it is for, as OpenSSL writes them: `IP:127.0.0.1`, `DNS:video.example`
 * @param isExpired it was valid for a day in 2020
 */
export async function makeTlsFiles({ names = 'IP:127.0.0.1', isExpired = false } = {}): Promise<TlsFiles> {
  const cwd = await mkdtemp(join(tmpdir(), 'styleflow-tls-'));
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd });
  const [key, certificate] = [join(cwd, 'key.pem'), join(cwd, 'certificate.pem')];
  const subject = ['-subj', '/CN=styleflow tests', '-addext', `subjectAltName=${names}`];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, ...subject];
  if (isExpired) {
    await writeFile(join(cwd, 'own.cnf'), OWN_AUTHORITY);
    await writeFile(join(cwd, 'index'), '');
    await openssl('req', '-new', ...kind, '-out', 'request.pem');
    const dates = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
    const signer = ['-batch', '-notext', '-config', 'own.cnf', '-selfsign', '-keyfile', key];
    await openssl('ca', ...signer, ...dates, '-in', 'request.pem', '-out', certificate);
  } else await openssl('req', '-x509', '-days', '1', ...kind, '-out', certificate);
  return { key, certificate, remove: () => rm(cwd, { recursive: true, force: true }) };
}

/** Lines of redis.conf for a server that speaks only TLS on `port`, to clients, replicas and other nodes. */
export function redisTlsConfig({ key, certificate }: TlsFiles, port: number): Readonly<Record<string, string>> {
  return {
    port: '0',
    'tls-port': String(port),
    'tls-key-file': key,
    'tls-cert-file': certificate,
    'tls-ca-cert-file': certificate,
    'tls-auth-clients': 'no',
    'tls-replication': 'yes',
    'tls-cluster': 'yes',
  };
}
