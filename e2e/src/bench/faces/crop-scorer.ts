import { graphOf, openServableBundle } from '@styleflow/bundles';
import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';
import { openSession } from '@styleflow/inference';

export interface CropScorer {
  /** @param crops one clip, [32, 256, 256, 3], 0..255 */
  logit(crops: Uint8Array): Promise<number>;
  release(): Promise<void>;
}

/**
 * A bundle's graph on the CPU, for clips that were never in a store.
 * @throws JobError `bundle_unknown` for a folder that workers cannot serve.
 */
export async function openCropScorer(directory: string): Promise<CropScorer> {
  const bundle = await openServableBundle(directory);
  const session = await openSession(graphOf(bundle, 'cpu')?.path ?? bundle.graphPath, {
    providers: ['cpu'],
    threads: 2,
  });
  return {
    logit: async (crops) => {
      const dims = [1, CLIP_FRAMES, CLIP_SIZE, CLIP_SIZE, 3];
      const { logit } = await session.run({ clips: { type: 'uint8', dims, data: crops } });
      return Number(logit?.data[0]);
    },
    release: () => session.release(),
  };
}
