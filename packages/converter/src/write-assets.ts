import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assetsDirectory } from '@styleflow/bundles';
import { ignoreMissing, replaceDirectory } from '@styleflow/files';
import { writeModels } from '@styleflow/onnx';
import { writeUntrainedBundle } from './bundle/untrained-bundle.js';
import { faceMeshGraph, fullRangeGraph, readFaceMesh, readFullRange } from './networks/mediapipe-faces.js';
import { readTflite } from './networks/tflite-model.js';
import { sourceStamp } from './source-stamp.js';

const require = createRequire(import.meta.url);

/** The manifests of the packages that the face networks come from. */
const FACE_DETECTION = require.resolve('@mediapipe/face_detection/package.json');
const FACE_MESH = require.resolve('@mediapipe/face_mesh/package.json');

const STAMP = 'stamp';

/** The packages whose code decides the assets. */
const CODE = ['files', 'onnx', 'checkpoints', 'bundles', 'converter'];

/**
 * Writes the assets folder: the two face networks and the untrained bundle. A second call with the same code finds the
 * stamp and does nothing. The folder appears whole or not at all, even when two processes write it at once.
 */
export async function writeAssets(directory: string = assetsDirectory()): Promise<'written' | 'unchanged'> {
  const stamp = await assetsStamp();
  if ((await readStamp(directory)) === stamp) return 'unchanged';
  await replaceDirectory(
    directory,
    async (fresh) => {
      await writeFaceNets(join(fresh, 'faces'));
      await writeUntrainedBundle(join(fresh, 'untrained-bundle'));
      await writeFile(join(fresh, STAMP), stamp);
    },
    async () => (await readStamp(directory)) === stamp,
  );
  return 'written';
}

/** The digest of the code that makes graphs and bundles, and of the versions of the packages with the weights. */
async function assetsStamp(): Promise<string> {
  const stamps = CODE.map((name) =>
    sourceStamp(fileURLToPath(new URL(`../../${name}/dist`, import.meta.url)), [FACE_DETECTION, FACE_MESH]),
  );
  return createHash('sha256')
    .update((await Promise.all(stamps)).join('\n'))
    .digest('hex');
}

async function writeFaceNets(directory: string): Promise<void> {
  await mkdir(directory);
  const search = readTflite(await readFullRange(dirname(FACE_DETECTION)));
  const mesh = readTflite(await readFaceMesh(dirname(FACE_MESH)));
  const graphs = { 'full-range.onnx': fullRangeGraph(search), 'face-mesh.onnx': faceMeshGraph(mesh) };
  await writeModels(graphs, directory);
}

async function readStamp(directory: string): Promise<string | undefined> {
  return readFile(join(directory, STAMP), 'utf8').catch(ignoreMissing);
}
