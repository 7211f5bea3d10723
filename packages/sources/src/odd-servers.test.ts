import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { listenOnLoopback } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchUrl } from './fetch-url.js';
import { FILE, MAX_BYTES, ODD_SERVERS, type OddServer, OTHER_FILE } from './odd-servers.cases.js';
import { type TestRow, writeTable } from './test-table.js';

let folder: string;
let server: Server;
let port: number;
let odd: OddServer;
let requests: number;
const open = new Set<Socket>();
const rows: TestRow[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-odd-servers-'));
  server = createServer(answerOddly);
  port = await listenOnLoopback(server);
});
afterAll(async () => {
  await writeTable('odd-servers', rows);
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function answerOddly(socket: Socket): void {
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  socket.on('error', () => undefined);
  let head = '';
  socket.on('data', (chunk) => {
    head += chunk.toString('latin1');
    if (!head.endsWith('\r\n\r\n')) return;
    requests += 1;
    const [first = '', ...lines] = head.split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => line.split(': ')).map(([name, value]) => [name?.toLowerCase(), value]),
    );
    const { bytes, cut = false } = odd.answer({ path: first.split(' ')[1] ?? '', headers, number: requests, port });
    // A reset would throw away what is still on its way: who is cut off gets all of this, and no end that fits.
    socket.end(bytes, () => cut && socket.destroySoon());
  });
}

/** How the fetch ended, in the words of the list. */
async function cameOf(tried: OddServer, toFile: string): Promise<string> {
  odd = tried;
  requests = 0;
  const expectedWords = /: (.+)$/.exec(tried.expected)?.[1];
  try {
    const { sha256, bytes } = await fetchUrl({
      ...{ url: `http://127.0.0.1:${port}/start`, toFile, maxBytes: MAX_BYTES },
      ...{ idleTimeoutMs: 5_000, totalTimeoutMs: 5_000, allowPrivate: true, ports: [] },
      floor: { minBytesPerSecond: 0, windowMs: 30_000 },
    });
    const saved = await readFile(toFile);
    expect(bytes).toBe(saved.length);
    expect(sha256).toBe(createHash('sha256').update(saved).digest('hex'));
    return saved.equals(FILE) ? 'the file' : saved.equals(OTHER_FILE) ? 'the other file' : 'other bytes';
  } catch (error) {
    if (!(error instanceof JobError)) return `a crash: ${error}`;
    expect(await readdir(folder)).toEqual([]);
    const { code, retryable, retryAfterMs, message } = error;
    const again = retryAfterMs === undefined ? '' : `, again in ${retryAfterMs / 1000} s`;
    const words = expectedWords !== undefined && message.includes(expectedWords) ? `: ${expectedWords}` : '';
    return `${code}${retryable ? '' : ' for good'}${again}${words}`;
  } finally {
    await rm(toFile, { force: true });
  }
}

describe('a server that is odd', () => {
  it('is of at least 25 kinds, no two of them the same', () => {
    expect(ODD_SERVERS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(ODD_SERVERS.map(({ what, sends }) => `${what} ${sends}`)).size).toBe(ODD_SERVERS.length);
  });

  it.each(ODD_SERVERS.map((each, index) => [index + 1, each.what, each.sends, each.expected, each] as const))(
    '%i, %s, %s: %s',
    async (number, what, sent, expected, tried) => {
      const came = await cameOf(tried, join(folder, String(number)));
      rows.push({ what, sent, expected, came });
      expect(came).toBe(expected);
      if (tried.requests !== undefined) expect(requests).toBe(tried.requests);
    },
  );
});
