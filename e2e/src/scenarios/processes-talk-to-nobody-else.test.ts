// @module-tag strace
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoopbackServer, makeVideo, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessName } from '../system/process-under-test.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';
import { readStrace, straceInto, type Touched } from '../system/system-calls.js';

const NAMES = ['api', 'cpu-worker', 'gpu-worker'] as const;

let system: SystemUnderTest;
let site: LoopbackServer;
const touched = new Map<ProcessName, Touched>();

beforeAll(async () => {
  const video = await makeVideo({ frames: 40 });
  site = await startHttpServer((_request, response) => {
    createReadStream(video).pipe(response);
  });
  system = await startSystem({}, undefined, (name, folder) => straceInto(logOf(folder, name)));
  for (const { id } of [
    await system.client.submit({ type: 'url', url: `${site.url}/film.mp4` }),
    await system.client.submitFile(video),
  ]) {
    expect(await system.client.wait(id)).toMatchObject({ status: 'succeeded' });
    await system.client.result(id);
  }
  for (const name of NAMES) touched.set(name, readStrace(await readFile(logOf(system.folder, name), 'utf8')));
}, 180_000);
afterAll(async () => {
  await writeList();
  await system.stop();
  await site.stop();
});

const logOf = (folder: string, name: ProcessName): string => join(folder, `${name}.strace`);
const of = (name: ProcessName): Touched => touched.get(name) ?? { peers: [], written: [] };

/** Ignored by git: what commands and tests leave for people. */
const RESULTS = fileURLToPath(new URL('../../../results/', import.meta.url));

/** Leaves for people to read what each process connected to, and which files it wrote, those of one kind once. */
async function writeList(): Promise<void> {
  const places = [
    [`127.0.0.1:${site.port}`, 'the source'],
    [join(system.folder, 'store'), 'STORE'],
    [join(system.folder, 'scratch'), 'SCRATCH'],
    [tmpdir(), 'TMP'],
  ] as const;
  const plain = (text: string): string =>
    [...places, ...NAMES.map((name) => [`127.0.0.1:${system.tripwires[name].port}`, 'Redis'] as const)]
      .reduce((told, [place, word]) => told.replaceAll(place, word), text)
      .replace(/[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]{5,}/g, '*')
      .replace(/vm\.\d+/, 'PID')
      .replace(/([-.])(?=[A-Za-z0-9]*[A-Z0-9])[A-Za-z0-9]{6}(?=\/|$)/g, '$1*')
      .replace(/\/\d+/g, '/N');
  const lines = [...touched].flatMap(([name, { peers, written }]) => [
    `## ${name}`,
    '',
    ...[...new Set(peers.map(plain))].map((peer) => `- connects to ${peer}`),
    ...[...new Set(written.map(plain))].sort().map((path) => `- writes ${path}`),
    '',
  ]);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(
    join(RESULTS, 'what-processes-touch.md'),
    ['# What each process touched through two whole jobs', '', ...lines].join('\n'),
  );
}

describe('through whole jobs', () => {
  it.each(NAMES)('%s connects to Redis and, if it fetches, to the source, and to nothing else', (name) => {
    const redis = `127.0.0.1:${system.tripwires[name].port}`;
    const source = `127.0.0.1:${site.port}`;
    // What Debian's C library asks when a process looks for its user.
    const ofLibraries = ['/var/run/nscd/socket'];
    const others = of(name).peers.filter((peer) => ![redis, source, ...ofLibraries].includes(peer));
    expect(others).toEqual([]);
    expect(of(name).peers).toContain(redis);
    expect(of(name).peers.includes(source)).toBe(name === 'cpu-worker');
  });

  it.each(NAMES)('%s leaves files in the store and in its scratch space, and nowhere else', (name) => {
    // Where an inference worker keeps graphs as the runtime has rewritten them, unless a setting names another place.
    const graphs = join(tmpdir(), 'styleflow-graphs-');
    // The named pipes by which a CPU worker talks with ffmpeg: no files, and gone with it.
    const pipes = join(tmpdir(), 'styleflow-tools-');
    const own = [join(system.folder, 'store'), join(system.folder, 'scratch'), graphs, pipes, '/dev/', '/proc/self/'];
    expect(of(name).written.filter((path) => !own.some((folder) => path.startsWith(folder)))).toEqual([]);
    expect(of(name).written.some((path) => path.startsWith(join(system.folder, 'store')))).toBe(true);
  });
});
