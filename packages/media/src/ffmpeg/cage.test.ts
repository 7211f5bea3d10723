// @module-tag ffmpeg
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenOnLoopback } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAGE_BARS, type Cage, decodeCage, requireCage } from './cage.js';

/** Stands where ffmpeg would, and runs `lines` of a shell. */
let folder: string;
let cage: Cage;
const path = process.env.PATH;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cage test '));
  process.env.PATH = `${folder}:${path}`;
  process.env.AWS_SECRET_ACCESS_KEY = 'a secret';
  cage = decodeCage();
});
afterAll(() => {
  process.env.PATH = path;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  rmSync(folder, { recursive: true, force: true });
});

function runInside(...lines: string[]) {
  writeFileSync(join(folder, 'ffmpeg'), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
  const [program, leading] = cage.inside('ffmpeg', 10);
  return spawnSync(program, leading, { encoding: 'utf8' });
}

describe.skipIf(process.platform !== 'linux')('the cage of a decoder', () => {
  it('has an environment of its own, with nothing of ours but where programs are', () => {
    const { stdout } = runInside('env');
    expect(stdout).toContain(`PATH=${folder}:`);
    expect(stdout).not.toMatch(/SECRET|REDIS|HOME=/);
  });

  it('is a session of its own, in the process that was started, so that to end that one ends it', () => {
    writeFileSync(join(folder, 'ffmpeg'), '#!/bin/sh\ncut -d" " -f1,6 /proc/self/stat; echo $$\n', { mode: 0o755 });
    const [program, leading] = cage.inside('ffmpeg', 10);
    const { stdout, pid } = spawnSync(program, leading, { encoding: 'utf8' });
    const [line = '', shell = ''] = stdout.trim().split('\n');
    expect(Number(shell)).toBe(pid);
    expect(Number(line.split(' ')[1])).toBe(pid);
  });

  it('lets nothing be written, and few files be opened', () => {
    const file = join(folder, 'written');
    expect(runInside(`echo something > '${file}'`).status).not.toBe(0);
    expect(runInside('ulimit -n').stdout.trim()).toBe('64');
  });

  it('has no network, where the machine gives namespaces; where not, it says why', async () => {
    if (!cage.bars.includes('network')) {
      expect(cage.missing.network).toMatch(/\w+ \w+/);
      return;
    }
    const server = createServer();
    const port = await listenOnLoopback(server);
    // The kernel takes the connection, whatever this process does meanwhile.
    const connect = `exec 3<>/dev/tcp/127.0.0.1/${port}`;
    expect(spawnSync('bash', ['-c', connect]).status).toBe(0);
    expect(runInside(`bash -c '${connect}'`).status).not.toBe(0);
    await new Promise((done) => server.close(done));
  });

  it('decodes a video', () => {
    rmSync(join(folder, 'ffmpeg'), { force: true });
    const [program, leading] = cage.inside('ffmpeg', 10);
    const picture = execFileSync(program, [
      ...leading,
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'color=c=red:s=8x8:d=0.1',
        '-frames:v',
        '1',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-',
      ],
    ]);
    expect(picture.length).toBe(8 * 8 * 3);
  });

  it('that is required is refused by name where a bar is missing', () => {
    expect(() => requireCage({ ...cage, missing: {} })).not.toThrow();
    const missing = { network: 'an unprivileged process may have no namespaces here (Operation not permitted)' };
    expect(() => requireCage({ ...cage, missing })).toThrow(
      /network: an unprivileged process .*STYLEFLOW_DECODE_CAGE=best/,
    );
    expect([...cage.bars, ...Object.keys(cage.missing)].sort()).toEqual([...CAGE_BARS].sort());
  });
});
