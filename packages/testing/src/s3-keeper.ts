/**
 * The process that keeps one S3 server for all test processes of this user. The first process that needs it starts it;
 * it ends when nobody has been connected for a while. A user's connection is its lease, so users may be killed.
 */
import { createServer, type Socket } from 'node:net';
import { S3_KEEPER_SOCKET } from './s3-lease.js';
import { type SwiftServer, startSwift } from './swift-server.js';

/** Longer than the time between two test files that use S3, so that most test runs start the server once. */
const LINGER_MS = 8_000;

const users = new Set<Socket>();
let answer: string | undefined;
let swift: SwiftServer | undefined;
let lingering: NodeJS.Timeout | undefined;

async function end(): Promise<void> {
  server.close();
  await swift?.stop();
  process.exit(0);
}

function lingerWhenUnused(): void {
  clearTimeout(lingering);
  if (users.size === 0 && answer !== undefined) lingering = setTimeout(() => void end(), LINGER_MS);
}

const server = createServer((user) => {
  clearTimeout(lingering);
  users.add(user);
  user.on('error', () => user.destroy());
  user.once('close', () => {
    users.delete(user);
    lingerWhenUnused();
  });
  user.resume();
  if (answer !== undefined) user.write(answer);
});
// Another process's keeper was faster; the users find that one.
server.once('error', () => process.exit(0));
server.listen(S3_KEEPER_SOCKET, () => {
  startSwift()
    .then(
      (started) => {
        swift = started;
        const { endpoint, accessKeyId, secretAccessKey } = started;
        answer = `${JSON.stringify({ endpoint, accessKeyId, secretAccessKey })}\n`;
      },
      (error: unknown) => {
        answer = `${JSON.stringify({ error: String(error) })}\n`;
      },
    )
    .then(() => {
      for (const user of users) user.write(answer ?? '');
      if (swift === undefined) void end();
      lingerWhenUnused();
    });
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end());
