import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_ID, type BatchApi, counts, startBatchApi } from './test-batch-api.js';

const MAIN_PATH = fileURLToPath(new URL('./test-batch-main.js', import.meta.url));

let api: BatchApi;
let folder: string;
beforeEach(async () => {
  api = await startBatchApi();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-batch-commands-'));
});
afterEach(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN_PATH, 'batch', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: join(folder, '.state'), STYLEFLOW_API: api.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const ended = output.then(([stdout, stderr, [exitCode, signal]]) => ({ stdout, stderr, exitCode, signal }));
  return { child, ended };
}
const styleflow = (...args: string[]) => start(...args).ended;

async function films(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await writeFile(join(folder, `${n}.mp4`), `film ${n}`);
}

describe('styleflow batch submit FOLDER', () => {
  it('uploads its videos, submits them under their names, and says how to follow', async () => {
    await films(3);
    api.turns.push({ status: 'running', counts: counts({ total: 3, queued: 3 }), rowsRead: 3 });
    const { stdout, stderr, exitCode } = await styleflow('submit', '.', '--max-frames', '64');
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: `${BATCH_ID} running · 0 of 3 items\nfollow:  \`npx styleflow batch wait ${BATCH_ID}\`\n`,
    });
    expect(stderr).toMatch(/^uploaded: 3\/3 files · 18 B\/18 B/m);
    const rows =
      api.manifests[0]?.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)) ?? [];
    expect(rows).toEqual(
      [0, 1, 2].map((n) => ({ source: expect.stringMatching(/^upload:upl_/), id: `${n}.mp4`, file: `${n}.mp4` })),
    );
    expect(rows.every(({ source }) => api.stored.has(source.slice('upload:'.length)))).toBe(true);
    expect(api.calls.find((call) => call.startsWith('POST /v1/batches'))).toContain(
      encodeURIComponent('{"maxFrames":64}'),
    );
  });

  it('that was killed goes on where it stopped: nothing that was whole and is unchanged is sent again', async () => {
    await films(6);
    const silent = new Promise<number | undefined>(() => {});
    api.beforeStored = (whole) => (whole < 4 ? Promise.resolve(undefined) : silent);
    const first = start('submit', '.', '--parallel', '1');
    await until('four are up and the fifth is on its way', () => api.calls.length >= 5);
    first.child.kill('SIGKILL');
    await first.ended;
    // The second one is another file now, of the same length.
    await writeFile(join(folder, '1.mp4'), 'film X');
    await utimes(join(folder, '1.mp4'), 1, 1);
    const before = new Map(api.stored);
    api.beforeStored = async () => undefined;
    api.turns.push({ status: 'running', counts: counts({ total: 6, queued: 6 }), rowsRead: 6 });
    const { exitCode, stderr } = await styleflow('submit', '.', '--parallel', '1');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('going on: 4 files were uploaded before');
    const again = [...api.stored].filter(([id]) => !before.has(id));
    expect(again).toHaveLength(3);
    expect(api.manifests).toHaveLength(1);
    expect(new Set(again.map(([, sha256]) => sha256)).size).toBe(3);
  });

  it('sends a long file in parts; killed, it sends those that are missing, and another file of its name from the beginning', async () => {
    const path = join(folder, 'long.mp4');
    const parts = 9;
    await writeFile(path, '');
    await truncate(path, (parts - 1) * 8_388_608 + 5);
    const silent = new Promise<number | undefined>(() => {});
    api.beforeStored = (whole) => (whole < 6 ? Promise.resolve(undefined) : silent);
    const first = start('submit', 'long.mp4');
    await until('some parts are up', () => api.stored.size === 6);
    first.child.kill('SIGKILL');
    await first.ended;
    const before = new Set(api.stored.keys());
    let sent = 0;
    const counted = async (): Promise<undefined> => {
      sent += 1;
    };
    api.beforeStored = counted;
    api.turns.push({ status: 'running', counts: counts({ total: 1, queued: 1 }), rowsRead: 1 });
    const { exitCode, stderr } = await styleflow('submit', 'long.mp4');
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: parts - before.size });
    expect(stderr).toContain('going on: 0 files were uploaded before, of 1 more a part was');
    expect(new Set([...api.stored.keys()].map((place) => place.split('/')[0])).size).toBe(1);
    expect(api.calls.filter((call) => call.endsWith('/complete'))).toHaveLength(1);

    api.beforeStored = (whole) => (whole < parts + 2 ? Promise.resolve(undefined) : silent);
    const third = start('submit', 'long.mp4');
    await until('it is being sent again, as another batch', () => api.stored.size === parts + 2);
    third.child.kill('SIGKILL');
    await third.ended;
    await writeFile(path, 'X', { flag: 'r+' });
    sent = 0;
    api.beforeStored = counted;
    expect((await styleflow('submit', 'long.mp4')).exitCode).toBe(0);
    expect(sent).toBe(parts);
  });

  it('renews what was sent long ago, before it submits', async () => {
    await films(2);
    api.keptMs = 3_600_000;
    api.turns.push({ status: 'running', counts: counts({ total: 2, queued: 2 }), rowsRead: 2 });
    expect((await styleflow('submit', '.')).exitCode).toBe(0);
    const uploads = [...api.stored.keys()].map((id) => `POST /v1/uploads/${id}/renew`).sort();
    expect(api.calls.filter((call) => call.endsWith('/renew')).sort()).toEqual(uploads);
    expect(api.calls.findIndex((call) => call.endsWith('/renew'))).toBeLessThan(
      api.calls.findIndex((call) => call.startsWith('POST /v1/batches')),
    );
  });

  it('interrupted by Ctrl-C makes no batch and says that it can go on', async () => {
    await films(2);
    api.beforeStored = () => new Promise(() => {});
    const { child, ended } = start('submit', '.');
    await until('it sends', () => api.calls.length > 0);
    child.kill('SIGINT');
    const { stderr, exitCode } = await ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no batch was made. The same command goes on where it stopped');
    expect(api.manifests).toEqual([]);
  });

  it('tells what could not be sent, and makes no batch without it', async () => {
    await films(1);
    api.beforeStored = async () => 403;
    const { stderr, exitCode } = await styleflow('submit', '0.mp4');
    expect(stderr).toMatch(
      /error: storage_unavailable: 1 of 1 files could not be uploaded; the same command sends those alone/,
    );
    expect(exitCode).toBe(1);
    expect(api.manifests).toEqual([]);
  });
});

describe('styleflow batch submit MANIFEST', () => {
  const CSV = 'source,id\nhttps://videos.example.org/a.mp4,a\n';

  it('shows every fault of a refused one and exits 2', async () => {
    await writeFile(join(folder, 'm.csv'), CSV);
    const listed = [{ line: 2, column: 'source', message: 'not an http or https URL' }];
    api.turns.push({ status: 'validating' }, { status: 'refused', rowsRead: 1, faults: { count: 3, listed } });
    const { stdout, exitCode } = await styleflow('submit', 'm.csv');
    expect(stdout).toContain(
      `${BATCH_ID} refused · 1 row in the manifest\nline 2, source: not an http or https URL\nand 2 more\n`,
    );
    expect(exitCode).toBe(2);
    expect(api.manifests).toEqual([{ type: 'text/csv', body: CSV, key: expect.any(String) }]);
  });

  it('--dry-run sends no file and makes no batch; --json is one object', async () => {
    await films(1);
    await writeFile(join(folder, 'm.csv'), `${CSV}0.mp4,b\n`);
    const { stdout, exitCode } = await styleflow('submit', 'm.csv', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ accepted: true, upload: { files: 1, bytes: 6 } });
    expect(exitCode).toBe(0);
    expect(api.calls).toEqual(['POST /v1/batches?dryRun=true']);
    expect((await styleflow('submit', 'm.csv', '0.mp4')).stderr).toContain('a manifest is submitted by itself');
  });
});

describe('styleflow batch', () => {
  it('wait follows to the end, tells failures by code, and exits with the worst of them', async () => {
    const total = { total: 3, succeeded: 2, failed: 1 };
    api.turns.push({ status: 'running', counts: counts({ total: 3, queued: 3 }) });
    api.turns.push({
      status: 'ended',
      counts: counts(total),
      errors: { media_corrupt: 1 },
      finishedAt: '2026-01-02T03:04:05.678Z',
    });
    const { stdout, stderr, exitCode } = await styleflow('wait', BATCH_ID);
    expect(stderr).toContain(`${BATCH_ID} running · 0 of 3 items\n`);
    expect(stdout).toContain('3 of 3 items · 1 failed\nfailed:  media_corrupt 1\n');
    expect(exitCode).toBe(2);
  });

  it('wait leaves the batch running when it is interrupted, and says how to come back', async () => {
    api.turns.push({ status: 'running', counts: counts({ total: 3, queued: 3 }) });
    const { child, ended } = start('wait', BATCH_ID);
    await until('it has asked', () => api.calls.length > 0);
    child.kill('SIGINT');
    const { stderr } = await ended;
    expect(stderr).toContain(`the batch goes on. \`npx styleflow batch wait ${BATCH_ID}\` follows it again`);
    expect(api.calls.some((call) => call.includes('cancel'))).toBe(false);
  });

  it('results come as the API sends them, or are followed; a file may take them', async () => {
    const part = await styleflow('results', BATCH_ID);
    expect(part).toMatchObject({ stdout: 'id,source\r\nv0,s\r\n', exitCode: 0 });
    expect(part.stderr).toContain(`--cursor ${BATCH_ID}.1.2 goes on there later`);
    const followed = await styleflow('results', BATCH_ID, '--format', 'csv', '--follow', '--out', 'table.csv');
    expect(followed).toMatchObject({ stdout: '', stderr: '', exitCode: 0 });
    const [head, row] = (await readFile(join(folder, 'table.csv'), 'utf8')).split('\r\n');
    expect(head).toMatch(/^id,source,status,verdict_label,score,/);
    expect(row).toBe('v0,https://videos.example.org/a.mp4,succeeded,real,0.25,0.2,,,1,3,,"a, b",');
  });

  it.each([
    [['list'], `${BATCH_ID} running`, 'GET /v1/batches?limit=50'],
    [['status', BATCH_ID], `${BATCH_ID} running`, `GET /v1/batches/${BATCH_ID}`],
    [['cancel', BATCH_ID], `${BATCH_ID} running`, `POST /v1/batches/${BATCH_ID}/cancel`],
    [['delete', BATCH_ID], `deleted ${BATCH_ID}`, `DELETE /v1/batches/${BATCH_ID}`],
  ])('%j makes its call', async (args, said, call) => {
    api.turns.push({ status: 'running' });
    const { stdout, exitCode } = await styleflow(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: expect.stringContaining(said), exitCode: 0 });
    expect(api.calls).toEqual([call]);
  });
});
