import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './root.mjs';

/** @param {string} program @param {string[]} args */
const run = (program, args) => spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });

describe('a checkout that has been set up', () => {
  it('has the command `npx styleflow`', () => {
    const { status, stdout } = run('npx', ['--no-install', 'styleflow', 'keys', '--help']);
    expect(stdout).toContain('styleflow keys');
    expect(status).toBe(0);
  });

  it('hides from git and from the linters what its commands write and what their readers bring', () => {
    const written = [
      'results/a/report.html',
      'styleflow-results/a/result.json',
      'report.html',
      'bundles/half/bundle.json',
    ];
    const brought = ['content.pth', 'gru.pth', 'psp.pt', 'video.mp4', '.env', '.styleflow/data/logs/api.log', 'data/x'];
    for (const path of [...written, ...brought]) {
      expect(run('git', ['check-ignore', '--quiet', path]).status, path).toBe(0);
    }
    for (const path of ['README.md', 'samples/report.webp', 'packages/bundles/src/index.ts'])
      expect(run('git', ['check-ignore', '--quiet', path]).status, path).toBe(1);
    const { vcs } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
    expect(vcs).toEqual({ enabled: true, clientKind: 'git', useIgnoreFile: true });
  });
});
