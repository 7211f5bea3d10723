import { CLIP_BYTES } from '@styleflow/clips';
import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';
import { bucketFor, type Tensor } from '@styleflow/inference';

/** The shape of so many clips, which graphs take as uint8. */
export function clipDims(clips: number): readonly number[] {
  return [clips, CLIP_FRAMES, CLIP_SIZE, CLIP_SIZE, 3];
}

/**
 * A tensor whose memory is taken for the first batch and used again for every further one. During a run the memory is lent to the
 * inference thread; it must be given back before the next `stack`.
 */
export class ClipTensor {
  readonly #maxBatch: number;
  #memory: ArrayBuffer | null | undefined;

  constructor(maxBatch: number) {
    this.#maxBatch = maxBatch;
  }

  get isLent(): boolean {
    return this.#memory === null;
  }

  /** Gives uint8 [bucket, 32, 256, 256, 3]: the clips in order, then zeros up to the bucket. */
  stack(clips: readonly Uint8Array[]): Tensor {
    if (this.#memory === null) throw new Error('the tensor is still lent to a run');
    this.#memory ??= new ArrayBuffer(this.#maxBatch * CLIP_BYTES);
    const memory = this.#memory;
    const bucket = bucketFor(clips.length, this.#maxBatch);
    const data = new Uint8Array(memory, 0, bucket * CLIP_BYTES);
    clips.forEach((clip, index) => {
      if (clip.length !== CLIP_BYTES) throw new Error(`a clip has ${clip.length} bytes instead of ${CLIP_BYTES}`);
      data.set(clip, index * CLIP_BYTES);
    });
    data.fill(0, clips.length * CLIP_BYTES);
    this.#memory = null;
    return { type: 'uint8', dims: clipDims(bucket), data };
  }

  giveBack({ data }: Tensor): void {
    if (!(data.buffer instanceof ArrayBuffer)) throw new Error('this is not the memory that was lent');
    this.#memory = data.buffer;
  }
}
