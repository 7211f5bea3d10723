import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { S3Access } from './swift-server.js';
import { until } from './until.js';

/** An abstract socket (Linux): binding is atomic, and nothing remains when the keeper is killed. */
export const S3_KEEPER_SOCKET = `\0styleflow-test-s3-${userInfo().uid}`;

export interface S3Lease extends S3Access {
  release(): void;
}

/** A connection to the keeper; undefined when no keeper listens. */
function connectOnce(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(S3_KEEPER_SOCKET);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

function readLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.endsWith('\n')) resolve(text);
    });
    socket.once('close', () => resolve(undefined));
    socket.on('error', () => socket.destroy());
  });
}

/**
 * Leases the shared S3 server, which is started if needed. It runs at least until `release` or the end of this process.
 */
export async function leaseS3(): Promise<S3Lease> {
  return until(
    'an S3 server for tests runs',
    async () => {
      const socket = await connectOnce();
      if (socket === undefined) {
        const keeper = fileURLToPath(new URL('./s3-keeper.js', import.meta.url));
        spawn(process.execPath, [keeper], { detached: true, stdio: 'ignore' }).unref();
        await until('the keeper listens', async () => {
          const probe = await connectOnce();
          probe?.destroy();
          return probe !== undefined;
        });
        return undefined;
      }
      const line = await readLine(socket);
      // The keeper was about to end. The next round starts another one.
      if (line === undefined) return undefined;
      const told = JSON.parse(line) as S3Access | { error: string };
      if ('error' in told) {
        socket.destroy();
        return { failure: told.error };
      }
      // A lease that is never released must not keep its process alive.
      socket.unref();
      return { lease: { ...told, release: () => void socket.destroy() } };
    },
    { timeoutMs: 110_000 },
  ).then((answer) => {
    if (answer.lease !== undefined) return answer.lease;
    throw new Error(
      'no S3 server for tests could be started; scripts/tests/test-needs.mjs lists the packages it needs. ' +
        answer.failure,
    );
  });
}
