import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCage } from './cage.js';
import { type MediaFile, runFfprobe, startFfmpeg } from './ffmpeg-process.js';

const FILE: MediaFile = {
  path: '/nothing',
  demuxer: 'mov',
  skipBytes: 0,
  needsDeepAnalysis: false,
  countsHeader: false,
};
/** The forms that a machine gives; where it has no namespaces both are the same. */
const FORMS = [
  ['as this machine gives it', []],
  ['without namespaces', ['network']],
] as const;
/** Tells its own number and its child's, which holds the pipes open as long as it lives; neither heeds SIGTERM. */
const STUBBORN = ["trap '' TERM", 'sleep 600 &', 'echo "$$ $!"', 'exec sleep 600'];
/** Its child has left the session. */
/** It tells the numbers once it has left, so that no end comes before. */
const ESCAPING = [`setsid sh -c 'echo "$0 $$"; exec sleep 600' "$$" &`, 'exec sleep 600'];

let folder: string;
const path = process.env.PATH;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'end tool '));
  process.env.PATH = `${folder}:${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

function standIn(tool: 'ffmpeg' | 'ffprobe', lines: readonly string[]): void {
  writeFileSync(join(folder, tool), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
}

/** `gone`, `running`, or `ours to bury`: a zombie that this process has left. Other zombies are their new parent's. */
function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state !== 'Z' && state !== 'X') return 'running';
    return Number(parent) === process.pid ? 'ours to bury' : 'gone';
  } catch {
    return 'gone';
  }
}

/** Runs it until it has told its numbers, and then ends it; answers them when the end was reported. */
async function endedPids(tool: 'ffmpeg' | 'ffprobe', without: readonly 'network'[]): Promise<number[]> {
  const cage = buildCage(without);
  let told = '';
  const take = (text: string): boolean => {
    told += text;
    if (told.endsWith('\n')) end();
    return true;
  };
  const abort = new AbortController();
  let end = (): void => abort.abort();
  if (tool === 'ffprobe') {
    const running = runFfprobe(FILE, [], { cage, maxCpuSeconds: 10, signal: abort.signal, onStdout: take });
    await expect(running).rejects.toMatchObject({ code: 'canceled' });
  } else {
    const run = await startFfmpeg(FILE, { cage, maxCpuSeconds: 10, input: [], output: [], onLogLine: () => undefined });
    end = () => run.kill();
    run.stdout.setEncoding('utf8').on('data', take);
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL', isNotStarted: false });
  }
  return told.trim().split(' ').map(Number);
}

describe.each(['ffprobe', 'ffmpeg'] as const)('%s that is ended', (tool) => {
  it.each(FORMS)('takes along what it has started, in a cage %s', { tags: ['linux'] }, async (_form, without) => {
    standIn(tool, STUBBORN);
    const pids = await endedPids(tool, without);
    expect(pids).toHaveLength(2);
    expect(stateOf(pids[0] ?? 0)).toBe('gone');
    await until('its child is gone', () => stateOf(pids[1] ?? 0) === 'gone');
  });

  it('is not waited for because of what has left its session', { tags: ['linux'] }, async () => {
    standIn(tool, ESCAPING);
    const [own = 0, escaped = 0] = await endedPids(tool, []);
    expect([stateOf(own), stateOf(escaped)]).toEqual(['gone', 'running']);
    process.kill(escaped, 'SIGKILL');
  });

  it('leaves nothing behind when it ends by itself', { tags: ['linux'] }, async () => {
    standIn(tool, ['sleep 600 >/dev/null 2>&1 &', 'echo "$$ $!"', 'exit 0']);
    let told = '';
    if (tool === 'ffprobe') {
      const { stdout } = await runFfprobe(FILE, [], { maxCpuSeconds: 10, signal: undefined });
      told = stdout;
    } else {
      const run = await startFfmpeg(FILE, { maxCpuSeconds: 10, input: [], output: [], onLogLine: () => undefined });
      run.stdout.setEncoding('utf8').on('data', (text: string) => {
        told += text;
      });
      await run.ended;
      await until('all of its output has come', () => told.endsWith('\n'));
    }
    const child = Number(told.trim().split(' ')[1]);
    expect(child).toBeGreaterThan(0);
    await until('its child is gone', () => stateOf(child) === 'gone');
  });
});
