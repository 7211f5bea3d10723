import { CLIP_FRAMES, CLIP_SIZE, JobError } from '@styleflow/contracts';
import { openThreadedSession, type SessionOptions } from '@styleflow/inference';
import { npyFile } from './npy.js';

/** Pictures in one run of the graph: 1.6 GB of activations at the published width. */
const PICTURES_AT_ONCE = 8;
const STYLE_LAYERS = 18;
const PIXELS = CLIP_SIZE * CLIP_SIZE;

/** Computes raw style codes of clips. */
export interface StyleCodes {
  /** @returns float32 [32, 18, S] as an npy file. */
  of(clip: Uint8Array): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Opens the part `psp.onnx` of a bundle.
 * @throws JobError `invalid_request` for another graph; `internal` where it cannot be loaded.
 */
export async function openStyleCodes(path: string, options: SessionOptions): Promise<StyleCodes> {
  const session = await openThreadedSession(path, options);
  if (!session.inputNames.includes('images') || !session.outputNames.includes('codes')) {
    await session.release();
    throw new JobError(
      'invalid_request',
      `${path} is no pSp: it takes ${session.inputNames} and gives ${session.outputNames}`,
    );
  }
  return {
    async of(clip) {
      const parts: Float32Array[] = [];
      for (let from = 0; from < CLIP_FRAMES; from += PICTURES_AT_ONCE) {
        const count = Math.min(PICTURES_AT_ONCE, CLIP_FRAMES - from);
        const images = {
          type: 'float32',
          dims: [count, 3, CLIP_SIZE, CLIP_SIZE],
          data: picturesOf(clip, from, count),
        } as const;
        const { codes } = await session.run({ images });
        if (codes?.type !== 'float32' || codes.dims[0] !== count || codes.dims[1] !== STYLE_LAYERS)
          throw new JobError('inference_failed', `the pSp gave codes of ${codes?.dims}, not [${count}, 18, S]`);
        parts.push(codes.data as Float32Array);
      }
      const width = (parts[0]?.length ?? 0) / (PICTURES_AT_ONCE * STYLE_LAYERS);
      const all = new Float32Array(CLIP_FRAMES * STYLE_LAYERS * width);
      for (const [i, part] of parts.entries()) all.set(part, i * PICTURES_AT_ONCE * STYLE_LAYERS * width);
      return npyFile(all, [CLIP_FRAMES, STYLE_LAYERS, width]);
    },
    close: () => session.release(),
  };
}

/** RGB [32, 256, 256, 3] → pictures [count, 3, 256, 256] in −1..1, as in the fused graph. */
function picturesOf(clip: Uint8Array, from: number, count: number): Float32Array {
  const out = new Float32Array(count * 3 * PIXELS);
  for (let n = 0; n < count; n++) {
    const start = (from + n) * 3 * PIXELS;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      for (let colour = 0; colour < 3; colour++) {
        out[(n * 3 + colour) * PIXELS + pixel] = ((clip[start + 3 * pixel + colour] as number) * 2) / 255 - 1;
      }
    }
  }
  return out;
}
