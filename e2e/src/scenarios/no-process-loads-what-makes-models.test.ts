import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const LOADED_FILES = fileURLToPath(new URL('../system/loaded-files-main.js', import.meta.url));

/** Files that processes start threads from. */
const THREAD = /-thread\.js$/;

/** All packages of StyleFlow that a process and its threads load, and packages of others that it must do without. */
const PROCESSES = {
  api: {
    loads: ['api', 'batches', 'contracts', 'evidence', 'files', 'queue', 'runtime', 'sources', 'storage'],
    never: ['onnx-buf', 'onnxruntime-node', 'sharp'],
  },
  'cpu-worker': {
    loads: [
      ...['batches', 'bundles', 'clips', 'contracts', 'cpu-worker', 'evidence', 'faces', 'files', 'inference'],
      ...['job-view', 'media', 'queue', 'runtime', 'scoring', 'sources', 'storage', 'threads'],
    ],
    never: ['onnx-buf'],
  },
  'gpu-worker': {
    loads: [
      ...['bundles', 'clips', 'contracts', 'files', 'gpu-worker', 'inference'],
      ...['queue', 'runtime', 'storage', 'threads'],
    ],
    never: ['onnx-buf', 'sharp'],
  },
};

/** What makes models. */
const MAKERS = ['checkpoints', 'converter'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loaded-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(Object.entries(PROCESSES))(
  'the %s and its threads load the packages that they need, no others',
  (name, expected) => {
    const main = import.meta.resolve(`@styleflow/${name}/main`);
    const threads = readdirSync(new URL('.', main), { recursive: true })
      .map(String)
      .filter((path) => THREAD.test(path));
    // The modules that the packed form is of; which these are cannot be seen of that.
    const program = new URL('serve.js', main).href;
    const loaded = [program, ...threads.map((path) => new URL(path, main).href)].flatMap(loadedFor);
    expect(loaded).toContain(program);
    expect(namesIn(loaded, /\/packages\/([^/]+)\/dist\//)).toEqual(expected.loads);
    expect(loaded.filter((url) => url.includes('/packages/bundles/dist/verify/'))).toEqual([]);
    const packed = packedPackages(new URL('../program/modules.json', main));
    expect(packed).toContain(name);
    expect(MAKERS.filter((each) => packed.includes(each))).toEqual([]);
    const others = namesIn(loaded, /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    expect(expected.never.filter((each) => others.includes(each))).toEqual([]);
  },
);

/** The packages of ours that went into a packed program, also those that it loads on demand. */
function packedPackages(list: URL): string[] {
  const modules = JSON.parse(readFileSync(list, 'utf8')) as [path: string][];
  return namesIn(
    modules.map(([path]) => new URL(path, list).href),
    /\/packages\/([^/]+)\/dist\//,
  );
}

/** The URLs of the modules that an entry loads; without settings it ends once they are there. */
function loadedFor(entry: string): string[] {
  const list = join(folder, 'list');
  spawnSync(process.execPath, [LOADED_FILES, list, entry], { env: {}, timeout: 60_000 });
  const urls = readFileSync(list, 'utf8').trim().split('\n');
  rmSync(list);
  return urls;
}

function namesIn(urls: readonly string[], pattern: RegExp): string[] {
  return [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].sort();
}
