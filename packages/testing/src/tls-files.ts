import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface TlsFiles {
  readonly key: string;
  /** A certificate that is signed by itself, for 127.0.0.1. A client that trusts it trusts the server. */
  readonly certificate: string;
  remove(): Promise<void>;
}

/** Makes a key and a certificate for the test, valid for a day. */
export async function makeTlsFiles(): Promise<TlsFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-tls-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=styleflow tests', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  return { key, certificate, remove: () => rm(folder, { recursive: true, force: true }) };
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
