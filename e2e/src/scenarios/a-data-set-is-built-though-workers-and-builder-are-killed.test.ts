import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { CommandLine, runCommandLine } from '../system/command-line.js';
import { SOON_TAKEN_OVER, startSystem } from '../system/system.js';

const PEOPLE = ['cap12_edit', 'cap13_edit2', 'franck'] as const;

interface Manifest {
  readonly skipped: number;
  readonly splits: { readonly isIdentityDisjoint: boolean };
  readonly shards: readonly { readonly path: string; readonly sha256: string; readonly clips: number }[];
}

/** Resolves once the command has said it; rejects with all that it said when it ends before. */
async function saidBy(command: CommandLine, text: string): Promise<void> {
  const ended = command.ended().then((code) => {
    if (!command.stderr.includes(text)) throw new Error(`it ended with ${code}:\n${command.stderr}`);
  });
  await Promise.race([command.said(text), ended]);
}

it('a data set is whole though one of two CPU workers and the builder are killed: every video once, every digest right', async () => {
  const system = await startSystem(SOON_TAKEN_OVER);
  const other = system.cpuWorker.sibling();
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-dataset-'));
  try {
    await other.start();
    const rows = ['source,label,identity,method'];
    for (const [n, person] of PEOPLE.entries()) {
      const path = await makeVideo({ frames: 34, people: [person], startSeconds: n });
      rows.push(`${path},${n % 2 === 0 ? 'Real' : '1'},person ${n},swap`);
    }
    const manifest = join(folder, 'manifest.csv');
    await writeFile(manifest, rows.join('\n'));
    const out = join(folder, 'out');
    const args = ['dataset', 'build', manifest, '--out', out, '--api', system.url, '--videos-per-shard', '1'];
    const options = {
      env: { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}`, XDG_STATE_HOME: join(folder, 'state') },
    };

    const builder = new CommandLine([...args, '--shares', '34,33,33'], options);
    const isBegun = other.nextLine('prepare started');
    await saidBy(builder, 'analysing 3 videos');
    await Promise.race([isBegun, saidBy(builder, '-000000: ')]);
    await other.kill9();
    await saidBy(builder, '-000000: ');
    builder.child.kill('SIGKILL');
    await builder.ended();

    const again = await runCommandLine([...args, '--shares', '34,33,33', '--json'], options);
    expect(again.stderr).toMatch(/going on with bat_/);
    expect(again.exitCode).toBe(0);
    const made = JSON.parse(again.stdout) as Manifest;
    expect(made).toMatchObject({ skipped: 0, splits: { isIdentityDisjoint: true } });
    expect(made.shards.reduce((sum, { clips }) => sum + clips, 0)).toBe(3);
    for (const { path, sha256 } of made.shards) {
      expect(
        createHash('sha256')
          .update(await readFile(join(out, path)))
          .digest('hex'),
      ).toBe(sha256);
    }
    const videos = (await readFile(join(out, 'videos.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(videos.map(({ sha256 }) => sha256)).size).toBe(3);
    expect(videos.map(({ label, method }) => `${label} ${method}`).sort()).toEqual([
      'fake swap',
      'real null',
      'real null',
    ]);

    const sheet = join(folder, 'sheet.svg');
    const shown = await runCommandLine(['dataset', 'show', out, '--sheet', sheet], options);
    expect(shown.stdout).toMatch(/3 clips in 3 shards.*every digest is right/s);
    expect((await readFile(sheet, 'utf8')).match(/<image /g)).toHaveLength(3);

    await writeFile(manifest, rows.join('\n').replace('person 1', 'person 0'));
    const mixed = await runCommandLine(args, options);
    expect(mixed.exitCode).toBe(2);
    expect(mixed.stderr).toMatch(/error: conflict: .* holds another data set/);
  } finally {
    await other.stop();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
