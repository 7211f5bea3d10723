import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAlone, startApiAlone } from '../system/api-alone.js';
import { type PackedClient, packClient } from '../system/packed-client.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A program of somebody who has installed the package; it compiles only if the types say what is there. */
const EXAMPLE = `
import { type Job, StyleFlowClient, isStyleFlowError, type ErrorCode } from '@styleflow/client';

declare const process: { readonly argv: readonly string[] };
const client = new StyleFlowClient({ api: process.argv[2] ?? '' });
const codes: ErrorCode[] = [];
const told: string[] = [];

const job: Job = await client.jobs.submitUrl('http://127.0.0.1:9/a.mp4', { options: { maxFrames: 64 }, metadata: { a: 1 } });
told.push(job.id, job.status, String(job.options.maxFrames), job.options.sampling);
// @ts-expect-error there is no such field
job.mood;
for await (const each of client.jobs.list({ limit: 1 })) told.push(each.id === job.id ? 'listed' : 'strange');
try {
  await client.jobs.result(job.id);
} catch (error) {
  if (isStyleFlowError(error, 'conflict', 'gone')) {
    const code: 'conflict' | 'gone' = error.code;
    codes.push(code);
  }
}
const film = new Blob(['film'.repeat(100_000)]);
let sent = 0;
const { uploadId } = await client.uploads.send(film, { onProgress: (bytes) => { sent = bytes; } });
told.push(String(sent));
const fromUpload = await client.jobs.submitUpload(uploadId, { idempotencyKey: 'once' });
told.push(String((await client.jobs.submitUpload(uploadId, { idempotencyKey: 'once' })).id === fromUpload.id));
const stop = new AbortController();
stop.abort(new Error('enough'));
told.push(await client.uploads.send(film, { signal: stop.signal }).then(() => 'sent', (error: Error) => error.message));
const watch = new AbortController();
const watching = client.jobs.wait(job.id, { signal: watch.signal, onChange: () => watch.abort(new Error('seen')) });
told.push(await watching.then(({ status }) => status, (error: Error) => error.message));
for await (const event of client.jobs.events(job.id)) {
  told.push(event.type);
  break;
}
told.push(String((await client.jobs.cancel(job.id)).id === job.id));
await client.jobs.delete(fromUpload.id);
told.push(
  await client.jobs.get(fromUpload.id).then(
    () => 'there',
    (error: unknown) => (isStyleFlowError(error) ? error.code : 'strange'),
  ),
);
told.push(String((await client.models()).models.length), (await client.system()).version);
console.log(JSON.stringify({ codes, told }));
`;

let api: ApiAlone;
let packed: PackedClient;
let app: string;
beforeAll(async () => {
  [api, packed] = await Promise.all([startApiAlone(), packClient()]);
  app = join(packed.folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  // It needs nothing else: without a network it installs as well.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', packed.tarball], {
    cwd: app,
  });
  await writeFile(join(app, 'example.ts'), EXAMPLE);
});
afterAll(async () => {
  await packed.remove();
  await api.stop();
});

async function compile(options: object): Promise<string> {
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: false, target: 'ES2023', lib: ['ES2023', 'DOM', 'DOM.AsyncIterable'], types: [] },
    ...options,
  };
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
  return run(process.execPath, [TSC, '-p', app]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

describe('the packed client', () => {
  it('holds its entries, their types, a README and the licence, and needs no other package', async () => {
    expect((await readdir(packed.contents)).sort()).toEqual(
      ['LICENSE', 'README.md', 'browser.js', 'index.js', 'package.json', 'types'].sort(),
    );
    const manifest = JSON.parse(await readFile(join(packed.contents, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(await readdir(join(app, 'node_modules'))).toEqual(['.package-lock.json', '@styleflow']);
  });

  it('has an entry for browsers that imports nothing', async () => {
    const text = await readFile(join(packed.contents, 'browser.js'), 'utf8');
    expect(text).not.toMatch(/^\s*(import|export)\b[^;]*\bfrom\b/m);
    expect(text).not.toMatch(/\bimport\s*\(|\brequire\s*\(|\bnode:|\bBuffer\b|\bprocess\.(env|argv|version)/);
    const node = await readFile(join(packed.contents, 'index.js'), 'utf8');
    expect([...node.matchAll(/\bfrom\s*"([^"]+)"/g)].every(([, from]) => from?.startsWith('node:'))).toBe(true);
  });

  it('compiles in an empty project, for Node and for a bundler of browsers, and works there', async () => {
    expect(
      await compile({ module: 'ESNext', moduleResolution: 'bundler', customConditions: ['browser'], noEmit: true }),
    ).toBe('');
    expect(await compile({ module: 'NodeNext', moduleResolution: 'NodeNext' })).toBe('');
    const { stdout } = await run(process.execPath, [join(app, 'example.js'), api.url]);
    const { codes, told } = JSON.parse(stdout);
    expect(codes).toEqual(['conflict']);
    expect(told).toEqual([
      ...[expect.stringMatching(/^job_/), 'queued', '64', 'head', 'listed', '400000', 'true', 'enough'],
      ...['seen', 'status', 'true'],
      ...['not_found', '1', expect.stringMatching(/^\d+\.\d+\.\d+/)],
    ]);
  });
});
