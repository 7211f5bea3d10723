import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deniedHosts } from './denied-hosts.js';
import { FETCH_TRICKS } from './fetch-tricks.cases.js';
import { fetchUrl } from './fetch-url.js';
import type { FetchTrick } from './test-fetch-tricks.js';
import { type TestRow, writeTable } from './test-table.js';

let folder: string;
/** Stands for every server of the world. */
let world: LoopbackServer;
let trick: FetchTrick;
let injected: boolean;
const rows: TestRow[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-tricks-'));
  world = await startHttpServer((request, response) => {
    const scheme = request.socket.localPort === undefined ? '' : currentScheme;
    const location = trick.redirects?.[`${scheme}//${request.headers.host}${request.url}`];
    injected ||= request.headers['x-injected'] !== undefined || request.headers.host === '127.0.0.1';
    if (location === undefined) response.end('video');
    else response.writeHead(trick.status ?? 302, { location }).end();
  });
});
afterAll(async () => {
  await writeTable('fetch-tricks', rows);
  await world.stop();
  await rm(folder, { recursive: true });
});

let currentScheme = 'http:';

/** What the fetch asked, and how it ended. */
async function cameOf(tried: FetchTrick, toFile: string): Promise<string> {
  trick = tried;
  injected = false;
  const asked: string[] = [];
  const questions = new Map<string, number>();
  const ended = await fetchUrl({
    ...{ url: tried.url, toFile, maxBytes: 1_000, idleTimeoutMs: 5_000, totalTimeoutMs: 5_000 },
    ...{ allowPrivate: false, ports: [80, 443, 8080, 8443], floor: { minBytesPerSecond: 0, windowMs: 30_000 } },
    denied: deniedHosts(tried.denied ?? []),
    resolveName: async (name) => {
      const answers = tried.names?.[name];
      if (answers === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      const question = questions.get(name) ?? 0;
      questions.set(name, question + 1);
      const addresses = answers[Math.min(question, answers.length - 1)] ?? [];
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    connect: (url, addresses) => {
      asked.push(`${addresses[0]?.address}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`);
      currentScheme = url.protocol;
      return connect(world.port, '127.0.0.1');
    },
  }).then(
    () => 'a file',
    (error: unknown) => (error instanceof JobError ? error.code : `a crash: ${error}`),
  );
  return printed(asked, injected ? 'an injected header' : ended);
}

const printed = (asked: readonly string[], ended: string): string =>
  asked.length === 0 ? ended : `${ended}, asked ${asked.join(' then ')}`;

describe('what strangers name', () => {
  it('are at least 160 tricks, no two of them the same', () => {
    expect(FETCH_TRICKS.length).toBeGreaterThanOrEqual(160);
    const texts = FETCH_TRICKS.map((each) => JSON.stringify({ ...each, kind: '' }));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each(FETCH_TRICKS.map((each, index) => [index + 1, each.kind, describeTrick(each), each] as const))(
    '%i, %s: %s',
    async (number, kind, sent, tried) => {
      const came = await cameOf(tried, join(folder, String(number)));
      const expected = printed(tried.asked, tried.code ?? 'a file');
      rows.push({ what: kind, sent, expected, came });
      expect(came).toBe(expected);
    },
  );
});

function describeTrick({ url, names = {}, redirects = {}, denied, status }: FetchTrick): string {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const leads = Object.hasOwn(names, host) ? ` (${names[host]?.map((each) => each.join(' + ')).join(', then ')})` : '';
  const to = Object.values(redirects).join(' → ');
  const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
  return `${short(url)}${leads}${to && ` → ${status ?? 302} ${short(to)}`}${denied ? `, denied ${denied}` : ''}`;
}
