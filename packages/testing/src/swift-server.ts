import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endChild, spawnTied } from './child-server.js';
import { findFreePort } from './find-free-port.js';
import { SWIFT_CREDENTIALS, swiftRingScript, writeSwiftSettings } from './swift-settings.js';
import { until } from './until.js';

/** What a client needs to speak S3 to the server. The keeper sends it to its users as one line of JSON. */
export interface S3Access {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SwiftServer extends S3Access {
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** Makes a bucket by the server's own protocol, because this package cannot sign S3 requests. */
export async function makeBucket(endpoint: string, bucket: string): Promise<void> {
  const login = await fetch(`${endpoint}/auth/v1.0`, {
    headers: { 'X-Auth-User': SWIFT_CREDENTIALS.accessKeyId, 'X-Auth-Key': SWIFT_CREDENTIALS.secretAccessKey },
  });
  const token = login.headers.get('x-auth-token');
  const account = login.headers.get('x-storage-url');
  if (token === null || account === null) throw new Error(`the S3 server refused its own user: ${login.status}`);
  const made = await fetch(`${account}/${bucket}`, { method: 'PUT', headers: { 'X-Auth-Token': token } });
  if (made.status !== 201 && made.status !== 202) throw new Error(`no bucket could be made: ${made.status}`);
}

/**
 * OpenStack Swift with its S3 interface, from the system's packages: real SigV4, presigned expiry, multipart, paging.
 * It differs from Amazon's S3: aws-chunked bodies and conditional PUT are both refused with 501.
 */
export async function startSwift(): Promise<SwiftServer> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-s3-'));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => endChild(child, 'SIGKILL')));
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const ports = {
      proxy: await findFreePort(),
      account: await findFreePort(),
      container: await findFreePort(),
      object: await findFreePort(),
      memcached: await findFreePort(),
    };
    const settings = await writeSwiftSettings(folder, ports);
    // The system's own Python, for which the packages are installed, whatever comes first in PATH.
    await run('/usr/bin/python3', ['-c', swiftRingScript(folder, ports)]);
    let failure: string | undefined;
    const launch = (program: string, args: readonly string[]): void => {
      const child = spawnTied(program, args, { cwd: folder });
      let output = '';
      const keepTail = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-2000);
      };
      child.stdout?.on('data', keepTail);
      child.stderr?.on('data', keepTail);
      child.once('exit', (code, signal) => {
        failure = `${program} ended (${signal ?? code}):\n${output}`;
      });
      child.once('error', (error) => {
        failure = `${program}: ${error.message}`;
      });
      children.push(child);
    };
    // Runs as this user, because changing the user would end the tie to this process.
    const user = userInfo().username;
    launch('memcached', ['-l', '127.0.0.1', '-p', String(ports.memcached), '-m', '16', '-u', user]);
    for (const kind of ['account', 'container', 'object', 'proxy'] as const) {
      launch(`swift-${kind}-server`, [settings[kind]]);
    }
    const endpoint = `http://127.0.0.1:${ports.proxy}`;
    let ended: string | undefined;
    await until(
      'the S3 server takes a bucket',
      async () => {
        ended = failure;
        if (ended === undefined) await makeBucket(endpoint, 'first');
        return true;
      },
      { timeoutMs: 90_000 },
    );
    if (ended !== undefined) throw new Error(ended);
    return { endpoint, ...SWIFT_CREDENTIALS, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
