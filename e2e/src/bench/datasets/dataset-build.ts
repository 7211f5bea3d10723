import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { runCommandLine } from '../../system/command-line.js';
import { SOON_TAKEN_OVER, startSystem } from '../../system/system.js';

const PEOPLE = ['cap12_edit', 'cap13_edit2', 'franck'] as const;
/** Of one recording no two videos begin at the same frame, so that no two are equal. */
const STEP_SECONDS = 0.4;
const PER_SHARD = 16;

interface Manifest {
  readonly skipped: number;
  readonly shards: readonly { readonly path: string; readonly sha256: string; readonly clips: number }[];
}

/**
 * `dataset build` on small videos of one clip each with two CPU workers, one of which is killed in the middle: every shard whole,
 * every digest right, every video once.
 * @throws Error for anything else.
 */
export async function benchDatasetBuild(say: (line: string) => void, items: number): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-bench-dataset-'));
  const system = await startSystem({ ...SOON_TAKEN_OVER, STYLEFLOW_MAX_BATCH: '8' });
  const other = system.cpuWorker.sibling();
  try {
    await other.start();
    const rows = ['source,label,method,group'];
    for (let n = 0; n < items; n += 1) {
      const recording = PEOPLE[n % PEOPLE.length] ?? PEOPLE[0];
      const startSeconds = Math.floor(n / PEOPLE.length) * STEP_SECONDS;
      const path = await makeVideo({
        people: [recording],
        frames: 32,
        startSeconds,
        size: { width: 240, height: 180 },
      });
      rows.push(`${path},${n % 2 === 0 ? 'real' : 'fake'},swap,video ${n}`);
    }
    const manifest = join(folder, 'videos.csv');
    await writeFile(manifest, rows.join('\n'));
    say(`${items} videos are there`);

    const out = join(folder, 'out');
    const env = { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}`, XDG_STATE_HOME: join(folder, 'state') };
    const flags = ['--out', out, '--api', system.url, '--videos-per-shard', String(PER_SHARD), '--json'];
    const startedAt = performance.now();
    const built = runCommandLine(['dataset', 'build', manifest, ...flags], { env });
    // Two workers share the videos: in the middle one has begun a quarter.
    for (let begun = 0; begun < items / 4; begun += 1) await other.nextLine('prepare started');
    await other.kill9();
    const killedAt = (performance.now() - startedAt) / 1000;
    say(`one worker killed after ${killedAt.toFixed(0)} s`);
    const { exitCode, stdout, stderr } = await built;
    const seconds = (performance.now() - startedAt) / 1000;
    if (exitCode !== 0) throw new Error(`dataset build ended with ${exitCode}:\n${stderr}`);
    const made = JSON.parse(stdout) as Manifest;
    return { videos: items, seconds, killedAfterSeconds: killedAt, ...(await audit(out, made, items)) };
  } finally {
    await other.stop();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function audit(out: string, { shards, skipped }: Manifest, items: number): Promise<Record<string, unknown>> {
  let bytes = 0;
  for (const { path, sha256 } of shards) {
    const shard = await readFile(join(out, path));
    if (createHash('sha256').update(shard).digest('hex') !== sha256) throw new Error(`${path} has another digest`);
    bytes += (await stat(join(out, path))).size;
  }
  const lines = (await readFile(join(out, 'videos.ndjson'), 'utf8')).trim().split('\n');
  const videos = lines.map((line) => JSON.parse(line) as { id: string; sha256?: string });
  const ids = new Set(videos.map(({ id }) => id));
  const digests = new Set(videos.flatMap(({ sha256 }) => sha256 ?? []));
  const clips = shards.reduce((sum, shard) => sum + shard.clips, 0);
  if (ids.size !== items || videos.length !== items)
    throw new Error(`${ids.size} of ${items} videos in ${videos.length} lines`);
  if (digests.size !== items - skipped) throw new Error(`${digests.size} distinct files of ${items - skipped}`);
  const shown = await runCommandLine(['dataset', 'show', out, '--sheet', join(out, 'sheet.svg'), '--json']);
  if (shown.exitCode !== 0) throw new Error(`dataset show: ${shown.stderr}`);
  return { shards: shards.length, clips, leftOut: skipped, megabytes: bytes / 1e6 };
}
