import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';

/** RGB bytes of one crop, 256 × 256. */
export const CROP_BYTES = CLIP_SIZE * CLIP_SIZE * 3;

/** RGB bytes of one clip, `[32, 256, 256, 3]`: about 6.3 MB. */
export const CLIP_BYTES = CLIP_FRAMES * CROP_BYTES;
