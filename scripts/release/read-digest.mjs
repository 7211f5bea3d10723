import { createHash } from 'node:crypto';
import { parseImage } from '../check-deploy/image-tags.mjs';

/** What a tag may stand for: several platforms, or one. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Where images without a host lie. */
const HUB = 'https://registry-1.docker.io';
const TIMEOUT_MS = 20_000;

/**
 * The digest that a registry gives for an image's tag, by version 2 of the registries' API. It is taken over the manifest's own bytes, and
 * held against what the registry says of them.
 * @param {string} image with a tag
 * @param {{ mirror?: string | undefined }} [options] `mirror`: the address of a registry that is asked for images without a host
 * @returns {Promise<string>} `sha256:…`
 * @throws {Error} a sentence, when it cannot be read
 */
export async function readDigest(image, { mirror = HUB } = {}) {
  const { name, tag } = parseImage(image);
  if (tag === undefined) throw new Error(`${image} has no tag that could be looked up`);
  const { base, repository } = placeOf(name, mirror);
  const url = `${base}/v2/${repository}/manifests/${tag}`;
  try {
    const response = await ask(url, {});
    const granted = response.status === 401 ? await ask(url, await token(response, repository)) : response;
    if (granted.status !== 200) throw new Error(`it answered ${granted.status}`);
    const digest = `sha256:${createHash('sha256')
      .update(Buffer.from(await granted.arrayBuffer()))
      .digest('hex')}`;
    const told = granted.headers.get('docker-content-digest');
    if (told !== null && told !== digest) throw new Error(`it says ${told} of what it sent, which is ${digest}`);
    return digest;
  } catch (error) {
    throw new Error(`the digest of ${image} could not be read from ${base}: ${reasonOf(error)}`, { cause: error });
  }
}

/** @param {string} name @param {string} mirror */
function placeOf(name, mirror) {
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) {
    // Without a certificate only on this machine, as Docker itself has it.
    const scheme = /^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(first) ? 'http' : 'https';
    return { base: `${scheme}://${first}`, repository: rest.join('/') };
  }
  return { base: mirror.replace(/\/+$/, ''), repository: rest.length === 0 ? `library/${name}` : name };
}

/** @param {string} url @param {Record<string, string>} headers */
const ask = (url, headers) =>
  fetch(url, { headers: { accept: MANIFESTS, ...headers }, signal: AbortSignal.timeout(TIMEOUT_MS) });

/**
 * What anybody may read still asks for a token, which anybody gets.
 * @param {Response} refused
 * @param {string} repository
 * @returns {Promise<Record<string, string>>}
 */
async function token(refused, repository) {
  await refused.body?.cancel();
  const challenge = refused.headers.get('www-authenticate') ?? '';
  const part = (/** @type {string} */ name) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = part('realm');
  if (!/^bearer /i.test(challenge) || realm === undefined) throw new Error('it asks for credentials');
  const url = new URL(realm);
  const service = part('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', part('scope') ?? `repository:${repository}:pull`);
  const response = await ask(url.href, {});
  if (response.status !== 200) throw new Error(`its tokens are refused (${response.status})`);
  const answer = /** @type {{ token?: string, access_token?: string }} */ (await response.json());
  return { authorization: `Bearer ${answer.token ?? answer.access_token}` };
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  // What fetch itself says is always the same; what happened stands in the cause.
  const cause = /** @type {{ code?: string, message?: string } | undefined} */ (error.cause);
  return cause?.code ?? cause?.message ?? error.message;
}
