import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../set-up/root.mjs';
import { imagesIn, readImageFiles } from './image-references.mjs';
import { writeDigests } from './write-digests.mjs';

let root = '';
/** @type {Array<() => Promise<void>>} */
const closing = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'digests-'));
  for (const path of ['docker-compose.yml', 'deploy/docker', 'deploy/kubernetes/styleflow/values.yaml'])
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
});
afterEach(async () => {
  rmSync(root, { recursive: true });
  for (const close of closing.splice(0)) await close();
});

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
/** @param {string} path */
const read = (path) => readFileSync(join(root, path), 'utf8');

/**
 * A registry that knows every repository and gives each tag a manifest of its own, after a token.
 * @param {(path: string) => { status?: number, digest?: string } | undefined} [spoil]
 */
async function startRegistry(spoil = () => undefined) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://registry');
    if (url.pathname === '/token') {
      const scope = url.searchParams.get('scope');
      response.end(JSON.stringify({ token: `for ${scope} of ${url.searchParams.get('service')}` }));
      return;
    }
    const repository = /^\/v2\/(.+)\/manifests\/[^/]+$/.exec(url.pathname)?.[1];
    if (request.headers.authorization !== `Bearer for repository:${repository}:pull of tests`) {
      const realm = `http://${request.headers.host}/token`;
      response.setHeader(
        'www-authenticate',
        `Bearer realm="${realm}",service="tests",scope="repository:${repository}:pull"`,
      );
      response.writeHead(401).end();
      return;
    }
    const body = `manifest of ${url.pathname}`;
    const spoiled = spoil(url.pathname);
    response.setHeader('docker-content-digest', spoiled?.digest ?? `sha256:${sha256(body)}`);
    response.writeHead(spoiled?.status ?? 200).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  closing.push(() => new Promise((resolve) => server.close(() => resolve(undefined))));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** @param {string[]} args */
async function run(...args) {
  const said = { out: '', err: '' };
  const exitCode = await writeDigests([...args, '--root', root], {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { exitCode, ...said };
}

describe('the digests of images', () => {
  it('are written behind every tag, as the registry gives them, and the same again', async () => {
    const host = await startRegistry();
    const digestOf = (/** @type {string} */ path) => `sha256:${sha256(`manifest of /v2/${path}`)}`;
    expect(await run('--mirror', `http://${host}`)).toMatchObject({ exitCode: 0, err: '' });
    const redis = digestOf('library/redis/manifests/7.2.12-bookworm');
    expect(read('docker-compose.yml')).toContain(`image: redis:7.2.12-bookworm@${redis}\n`);
    expect(read('deploy/kubernetes/styleflow/values.yaml')).toContain(`image: redis:7.2.12-bookworm@${redis}\n`);
    const node = digestOf('library/node/manifests/20.20.2-bookworm-slim');
    expect(read('deploy/docker/api.Dockerfile')).toContain(`FROM node:20.20.2-bookworm-slim@${node} AS workspace\n`);
    const cuda = digestOf('nvidia/cuda/manifests/12.6.3-cudnn-runtime-ubuntu24.04');
    expect(read('deploy/docker/gpu-worker.Dockerfile')).toMatch(
      new RegExp(`^ARG CUDA_IMAGE=nvidia/cuda:\\S+@${cuda}$`, 'm'),
    );
    // Our own stay by their version, stages by their name.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the compose file's own.
    expect(read('docker-compose.yml')).toContain('image: styleflow/api:${STYLEFLOW_VERSION:-0.1.0}\n');
    expect(read('deploy/docker/api.Dockerfile')).toContain('FROM workspace AS api\n');

    const before = read('docker-compose.yml');
    await run('--mirror', `http://${host}`);
    expect(read('docker-compose.yml')).toBe(before);
  });

  it('of our own images go into the chart', async () => {
    const host = await startRegistry();
    await run('--mirror', `http://${host}`, '--images', `${host}/team`, '--tag', '0.1.0');
    const digests = ['api', 'cpu-worker', 'gpu-worker'].map(
      (name) => `${name}: "sha256:${sha256(`manifest of /v2/team/${name}/manifests/0.1.0`)}"`,
    );
    expect(read('deploy/kubernetes/styleflow/values.yaml')).toContain(`digests: { ${digests.join(', ')} }\n`);
  });

  it.each([
    [
      'one image is not there',
      { status: 404 },
      /digest of redis:7.2.12-bookworm could not be read from http:\S+: it answered 404/,
    ],
    [
      'the registry contradicts itself',
      { digest: `sha256:${'0'.repeat(64)}` },
      /redis:7.2.12-bookworm .* says sha256:0+ of what it sent/,
    ],
  ])('are not written at all where %s', async (_, spoiled, expected) => {
    const host = await startRegistry((path) => (path.includes('/redis/') ? spoiled : undefined));
    const before = readImageFiles(root);
    const { exitCode, err } = await run('--mirror', `http://${host}`);
    expect(exitCode).toBe(1);
    expect(err).toMatch(expected);
    expect(err).toMatch(/error: 1 of \d+ digests could not be read, so nothing was written\n$/);
    expect(readImageFiles(root)).toEqual(before);
  });

  it('are not written where no registry answers, and that is said', async () => {
    const before = readImageFiles(root);
    // A port that nothing listens on: it was just given back.
    const host = await startRegistry();
    for (const close of closing.splice(0)) await close();
    const { exitCode, err, out } = await run('--mirror', `http://${host}`);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/ECONNREFUSED[\s\S]*so nothing was written/);
    expect(readImageFiles(root)).toEqual(before);
  });

  it('are looked up for every image of others that is deployed', () => {
    const names = readImageFiles(root).flatMap(({ text }) => imagesIn(text).map((image) => image.split(':')[0]));
    expect([...new Set(names)].sort()).toEqual(
      [
        'chrislusf/seaweedfs',
        'grafana/grafana',
        'node',
        'nvidia/cuda',
        'prom/prometheus',
        'pytorch/pytorch',
        'redis',
      ].sort(),
    );
  });

  it('are refused by a sentence for arguments that make no sense', async () => {
    expect(await run('--images', 'here')).toMatchObject({ exitCode: 2, err: expect.stringContaining('--tag') });
    expect(await run('--nothing')).toMatchObject({ exitCode: 2 });
  });
});
