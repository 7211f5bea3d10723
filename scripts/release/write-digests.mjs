import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from '../set-up/root.mjs';
import { imagesIn, pinImages, pinOwnImages, readImageFiles } from './image-references.mjs';
import { readDigest } from './read-digest.mjs';

const HELP = `node scripts/release/write-digests.mjs [--images REGISTRY --tag TAG] [--mirror URL] [--root FOLDER]

Asks the registries for the digest of every image that docker-compose.yml, the Dockerfiles and the chart name by a tag, and writes it
behind the tag. With --images also those of REGISTRY/api, REGISTRY/cpu-worker and REGISTRY/gpu-worker, into the chart's values.
No digest is written that was not read from a registry, and none at all unless all could be read.

  --images REGISTRY   where our own images were pushed to
  --tag TAG           their tag
  --mirror URL        the registry that is asked for images without a host (default: Docker Hub)
  --root FOLDER       the checkout (default: this one)

Exit codes: 0 written (or nothing to write), 1 a digest could not be read and nothing was written, 2 the arguments were refused.
`;

/** Our own images, as the chart names them. */
const OWN = ['api', 'cpu-worker', 'gpu-worker'];

/**
 * @param {string[]} args
 * @param {{ out: (text: string) => void, err: (text: string) => void }} say
 * @returns {Promise<number>} the exit code
 */
export async function writeDigests(args, { out, err }) {
  const options = readOptions(args);
  if (typeof options === 'string') {
    err(`error: ${options}\n`);
    return 2;
  }
  if (options.help) {
    out(HELP);
    return 0;
  }
  const files = readImageFiles(options.root);
  const foreign = [...new Set(files.flatMap(({ text }) => imagesIn(text)))];
  const own = options.images === undefined ? [] : OWN.map((name) => `${options.images}/${name}:${options.tag}`);
  const read = await Promise.allSettled(
    [...foreign, ...own].map(async (image) => /** @type {const} */ ([image, await readDigest(image, options)])),
  );
  const failures = read.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) {
    for (const failure of failures) err(`error: ${failure.message}\n`);
    err(`error: ${failures.length} of ${read.length} digests could not be read, so nothing was written\n`);
    return 1;
  }
  const digests = new Map(read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
  const ownDigests = Object.fromEntries(OWN.map((name, index) => [name, digests.get(own[index] ?? '') ?? '']));
  for (const { path, text } of files) {
    const pinned = pinImages(text, digests);
    const changed = own.length > 0 && path.endsWith('values.yaml') ? pinOwnImages(pinned, ownDigests) : pinned;
    if (changed === text) continue;
    writeFileSync(join(options.root, path), changed);
    out(`${path}\n`);
  }
  for (const [image, digest] of digests) out(`  ${image}@${digest}\n`);
  return 0;
}

/** @param {string[]} args */
function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        images: { type: 'string' },
        tag: { type: 'string' },
        mirror: { type: 'string' },
        root: { type: 'string', default: ROOT },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if ((values.images === undefined) !== (values.tag === undefined)) return '--images and --tag belong together';
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await writeDigests(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
