/** Images whose releases are numbered by two parts: such a tag is one build already. */
const TWO_PARTS = new Set(['chrislusf/seaweedfs']);

/**
 * What is wrong with an image's tag: anything but one build may be another tomorrow. Exact are a digest, and the whole number of a
 * release with its patch (`7.2.12`, `v3.5.0`, `20.20.2-bookworm-slim`).
 * @param {string} image `[HOST/]NAME[:TAG][@DIGEST]`
 * @returns {string[]} a sentence, or nothing
 */
export function findFloatingTag(image) {
  const { name, tag, digest } = parseImage(image);
  if (digest !== undefined)
    return /^sha256:[0-9a-f]{64}$/.test(digest) ? [] : [`${image}: ${digest} is no digest (sha256 and 64 digits)`];
  if (tag === undefined) return [`${image} has no tag with a version: it floats`];
  const isWhole = /^v?\d+\.\d+\.\d+(?![\d.])/.test(tag) || (TWO_PARTS.has(name) && /^\d+\.\d+(?![\d.])/.test(tag));
  return isWhole ? [] : [`${image} has no tag with a version down to the patch: it floats`];
}

/**
 * @param {string} image `[HOST/]NAME[:TAG][@DIGEST]`
 * @returns {{ name: string, tag?: string, digest?: string }}
 */
export function parseImage(image) {
  const [tagged = '', digest] = image.split('@');
  // A colon before the last slash belongs to a host's port.
  const [, name = tagged, tag] = /^(.*?)(?::([^:/]*))?$/.exec(tagged) ?? [];
  return { name, ...(tag !== undefined && tag !== '' && { tag }), ...(digest !== undefined && { digest }) };
}
