import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine, runCommandLine } from '../system/command-line.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

const ROWS = [
  { person: 'cap12_edit', startSeconds: 0, label: 'Real', method: '', split: 'train' },
  { person: 'franck', startSeconds: 1, label: '0', method: 'original', split: 'val' },
  { person: 'cap13_edit2', startSeconds: 2, label: 'real', method: '', split: 'test' },
  { person: 'cap13_edit2', startSeconds: 5, label: 'deepfake', method: 'swap', split: 'test' },
] as const;
/** Small enough for seconds on a CPU; the graph is as deep as the published one. */
const SMALL = ['width=2', 'heads=1', 'feed_forward=16', 'steps=2', 'batch_size=2', 'accumulate=1', 'compress=0'];

interface Manifest {
  readonly skipped: number;
  readonly splits: { readonly isIdentityDisjoint: boolean };
  readonly shards: readonly { readonly path: string; readonly sha256: string; readonly clips: number }[];
}

let system: SystemUnderTest;
let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
beforeAll(async () => {
  system = await startSystem(SOON_TAKEN_OVER);
  folder = await mkdtemp(join(tmpdir(), 'styleflow-dataset-'));
});
afterAll(async () => {
  await system.stop();
  await rm(folder, { recursive: true, force: true });
});

const options = () => ({
  env: { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}`, XDG_STATE_HOME: at('state') },
});

/** Resolves once the command has said it; rejects with all that it said when it ends before. */
async function saidBy(command: CommandLine, text: string): Promise<void> {
  const ended = command.ended().then((code) => {
    if (!command.stderr.includes(text)) throw new Error(`it ended with ${code}:\n${command.stderr}`);
  });
  await Promise.race([command.said(text), ended]);
}

/** What the command wrote to stdout. */
async function styleflow(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommandLine(args, options());
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

it('videos become a data set though worker and builder are killed, and that, with forged fakes, a bundle that is judged', async () => {
  const rows = ['source,label,identity,method,split'];
  for (const { person, startSeconds, label, method, split } of ROWS) {
    const path = await makeVideo({ frames: 34, people: [person], startSeconds });
    rows.push(`${path},${label},${person},${method},${split}`);
  }
  const manifest = at('manifest.csv');
  await writeFile(manifest, rows.join('\n'));
  const build = ['dataset', 'build', manifest, '--out', at('out'), '--api', system.url, '--videos-per-shard', '1'];

  const other = system.cpuWorker.sibling();
  await other.start();
  try {
    const builder = new CommandLine(build, options());
    const isBegun = other.nextLine('prepare started');
    await saidBy(builder, `analysing ${ROWS.length} videos`);
    await Promise.race([isBegun, saidBy(builder, '-000000: ')]);
    await other.kill9();
    await saidBy(builder, '-000000: ');
    builder.child.kill('SIGKILL');
    await builder.ended();
  } finally {
    await other.stop();
  }

  const again = await runCommandLine([...build, '--json'], options());
  expect(again.stderr).toMatch(/going on with bat_/);
  expect(again.exitCode, again.stderr).toBe(0);
  const made = JSON.parse(again.stdout) as Manifest;
  expect(made).toMatchObject({ skipped: 0, splits: { isIdentityDisjoint: true } });
  expect(made.shards.map(({ clips }) => clips)).toEqual(ROWS.map(() => 1));
  for (const { path, sha256 } of made.shards) {
    const shard = await readFile(at('out', path));
    expect(createHash('sha256').update(shard).digest('hex')).toBe(sha256);
  }
  const lines = (await readFile(at('out', 'videos.ndjson'), 'utf8')).trim().split('\n');
  const videos = lines.map((line) => JSON.parse(line));
  expect(new Set(videos.map(({ sha256 }) => sha256)).size).toBe(ROWS.length);
  expect(videos.map(({ split, label, method }) => `${split} ${label} ${method}`).sort()).toEqual([
    'test fake swap',
    'test real null',
    'train real null',
    'validation real null',
  ]);

  await writeFile(manifest, rows.join('\n').replace(',swap,', ',other,'));
  const mixed = await runCommandLine(build, options());
  expect([mixed.exitCode, mixed.stderr]).toEqual([2, expect.stringMatching(/conflict: .* holds another data set/)]);

  await styleflow('dataset', 'forge', at('out'), '--out', at('forged'), '--pictures', '1', '--videos', 'test');
  const shown = await styleflow('dataset', 'show', at('forged'), '--sheet', at('sheet.svg'));
  expect(shown).toMatch(/7 clips in .*every digest is right/s);
  expect((await readFile(at('sheet.svg'), 'utf8')).match(/<image /g)).toHaveLength(7);

  const settings = [...SMALL, 'validate_every=2', 'loader_workers=0'].flatMap((setting) => ['--set', setting]);
  const trained = await styleflow('train', 'detector', '--data', at('forged'), '--out', at('run'), ...settings);
  expect(trained).toContain(`styleflow models import --content ${at('run', 'best.pth')} --out BUNDLE`);
  await styleflow('models', 'import', '--content', at('run', 'best.pth'), '--out', at('bundle'));
  const list = at('forged', 'videos', 'manifest.csv');
  const judged = await styleflow('evaluate', list, '--bundle', at('bundle'), '--out', at('judged'), '--json');
  const { groups } = JSON.parse(judged);
  expect(groups[0]).toMatchObject({ videos: 3, scored: 3, failed: 0 });
  expect(groups[0].video.measures.auc).toBeGreaterThanOrEqual(0);
});
