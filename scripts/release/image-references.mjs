import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseImage } from '../check-deploy/image-tags.mjs';

/** Where an image is named: a key of compose file or chart, a base of a Dockerfile, or the argument that names one. */
const NAMED = /^(\s*(?:image:|FROM|ARG \w+_IMAGE=)\s*)([^\s#]+)/gm;
const CHART_VALUES = 'deploy/kubernetes/styleflow/values.yaml';

/**
 * The files that name images of others, as they are.
 * @param {string} root
 * @returns {Array<{ path: string, text: string }>}
 */
export function readImageFiles(root) {
  const dockerfiles = readdirSync(join(root, 'deploy/docker')).filter((name) => name.endsWith('Dockerfile'));
  const paths = ['docker-compose.yml', CHART_VALUES, ...dockerfiles.map((name) => `deploy/docker/${name}`)];
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/**
 * The images of others that a file names, each with its tag and without a digest. Left out is what the file builds itself or takes from
 * a setting.
 * @param {string} text
 * @returns {string[]}
 */
export const imagesIn = (text) => [...text.matchAll(NAMED)].flatMap(([, , image = '']) => foreign(image) ?? []);

/**
 * The text with a digest behind each image.
 * @param {string} text
 * @param {ReadonlyMap<string, string>} digests by image with its tag
 */
export const pinImages = (text, digests) =>
  text.replace(NAMED, (all, before, image) => {
    const digest = digests.get(foreign(image) ?? '');
    return digest === undefined ? all : `${before}${foreign(image)}@${digest}`;
  });

/**
 * The text of the chart's values with the digests of our own images.
 * @param {string} text
 * @param {Readonly<Record<string, string>>} digests by the image's name
 */
export function pinOwnImages(text, digests) {
  const list = Object.entries(digests).map(([name, digest]) => `${name}: "${digest}"`);
  return text.replace(/^( {2}digests: ).*$/m, (_, before) => `${before}{ ${list.join(', ')} }`);
}

/** @param {string} image */
function foreign(image) {
  if (/[${]/.test(image) || image.startsWith('styleflow/')) return null;
  const { name, tag } = parseImage(image);
  // A stage of the same file has no tag.
  return tag === undefined ? null : `${name}:${tag}`;
}
