import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServableBundle } from '@styleflow/bundles';
import { openSettingFolder } from '@styleflow/files';
import { tensorrtEnvironment } from '@styleflow/inference';

/**
 * Makes the folder in which TensorRT keeps the engines that it built for this bundle.
 * @param folder of the engines of all bundles; by default the system's temporary folder.
 * @returns the environment variables that name the folder to TensorRT
 */
export async function openEngineCache(
  folder: string | undefined,
  { digest, manifest }: ServableBundle,
): Promise<Readonly<Record<string, string>>> {
  const cacheFolder = join(folder ?? join(tmpdir(), 'styleflow-tensorrt'), digest);
  await openSettingFolder('STYLEFLOW_TENSORRT_CACHE', cacheFolder);
  return tensorrtEnvironment({ cacheFolder, fp16: manifest.precision === 'fp16' });
}
