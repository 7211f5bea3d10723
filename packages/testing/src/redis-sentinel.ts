import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild, spawnTied, waitForOutput } from './child-server.js';
import { findFreePort } from './find-free-port.js';
import { startRedis } from './redis-server.js';
import { redisTlsConfig, type TlsFiles } from './tls-files.js';
import { until } from './until.js';

export interface RedisSentinel {
  /** Port of the sentinel, which calls the primary `main`. */
  readonly port: number;
  /**
   * Kills the primary once the replica has all of its data. The sentinel makes the replica the primary within seconds.
   */
  killPrimary(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real sentinel that watches a primary with one replica. With `password` these two ask for it; with
 * `sentinelPassword` the sentinel asks for that.
 */
export async function startRedisSentinel(
  options: { readonly password?: string; readonly sentinelPassword?: string } = {},
): Promise<RedisSentinel> {
  const { password, sentinelPassword } = options;
  const login: Record<string, string> = password === undefined ? {} : { requirepass: password, masterauth: password };
  const primary = await startRedis({ ...login, 'repl-diskless-sync-delay': '0' });
  const replica = await startRedis({ ...login, replicaof: `127.0.0.1 ${primary.port}` });
  const isInStep = async (): Promise<boolean> => {
    const [ahead, behind] = await Promise.all(
      [primary, replica].map((server) => ask(server.port, 'INFO replication', password)),
    );
    const offset = /master_repl_offset:\d+/;
    return (
      behind?.includes('master_link_status:up') === true && offset.exec(ahead ?? '')?.[0] === offset.exec(behind)?.[0]
    );
  };
  await until('the replica has what the primary has', isInStep);
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-sentinel-'));
  const port = await findFreePort();
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor main 127.0.0.1 ${primary.port} 1`,
    // Long, because a primary may be slow on a busy machine. `killPrimary` makes the sentinel quicker.
    'sentinel down-after-milliseconds main 60000',
    'sentinel failover-timeout main 2000',
    ...(password === undefined ? [] : [`sentinel auth-pass main ${password}`]),
    ...(sentinelPassword === undefined ? [] : [`requirepass ${sentinelPassword}`]),
  ];
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawnTied('redis-server', [file, '--sentinel'], { cwd: folder });
  // Before the sentinel knows the replica it has no successor for the primary.
  await waitForOutput(child, '+slave ');
  return {
    port,
    async killPrimary() {
      await until('the replica has what the primary has', isInStep);
      const said = await ask(port, 'SENTINEL SET main down-after-milliseconds 500', sentinelPassword);
      if (/^-/m.test(said)) throw new Error(`the sentinel takes no setting: ${said}`);
      await primary.kill9();
    },
    async stop() {
      await endChild(child, 'SIGKILL');
      await Promise.all([primary.stop(), replica.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A real sentinel that watches this primary; both speak TLS only. There is no replica, so it always names this primary.
 */
export async function startTlsSentinel(
  files: TlsFiles,
  primaryPort: number,
): Promise<Pick<RedisSentinel, 'port' | 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-sentinel-'));
  const port = await findFreePort();
  const settings = Object.entries(redisTlsConfig(files, port)).map(([name, value]) => `${name} ${value}`);
  const file = join(folder, 'sentinel.conf');
  const lines = [...settings, 'bind 127.0.0.1', `dir ${folder}`, `sentinel monitor main 127.0.0.1 ${primaryPort} 1`];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawnTied('redis-server', [file, '--sentinel'], { cwd: folder });
  await waitForOutput(child, '+monitor ');
  return {
    port,
    async stop() {
      await endChild(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one command to a server or sentinel and answers the reply. */
function ask(port: number, command: string, password?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(`${password === undefined ? '' : `AUTH ${password}\r\n`}${command}\r\n`);
    });
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.once('close', () => resolve(said));
    socket.once('error', reject);
  });
}
