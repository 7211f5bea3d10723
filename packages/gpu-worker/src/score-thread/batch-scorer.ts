import { CLIP_BYTES, hasScore, writeScore } from '@styleflow/clips';
import type { ClipRef, ClipScore } from '@styleflow/contracts';
import { bucketSizes, isOutOfMemory, type Outcome, runtimeVersion, type ThreadedSession } from '@styleflow/inference';
import type { ObjectStore } from '@styleflow/storage';
import { faultOf, type ThreadFault } from '@styleflow/threads';
import { ClipTensor, clipDims } from './clip-tensor.js';
import type { DeviceWatch } from './device-watch.js';
import { readClipScores } from './read-clip-scores.js';
import type { ScoreAnswer, ScoredBatch, ScoreRequest, ScoreThreadOpened } from './score-messages.js';

export interface BatchScorerOptions {
  readonly session: ThreadedSession;
  /** The graph's path in its bundle. */
  readonly graph: string;
  readonly store: ObjectStore;
  /** Gives the RGB bytes of a clip. Fails as `readPixels` does. */
  readonly unpack: (clip: ClipRef) => Promise<Uint8Array>;
  readonly maxBatch: number;
  readonly watch: Pick<DeviceWatch, 'expect' | 'during'>;
}

/** What a warm-up found out. */
type WarmUp = Pick<ScoreThreadOpened, 'maxBatch' | 'warmUp'>;

/** Batches that may be handed over at once: one that runs, one that is stacked. */
const BATCHES_AT_ONCE = 2;

/** Pixels of one clip. While a run has them, they are not here. */
interface Pixels {
  pixels: Uint8Array;
}

interface LoadedClip extends Pixels {
  readonly clip: ClipRef;
}

/**
 * Holds the pixels of loaded clips and scores them in tensor batches. While one batch runs, the next one is stacked; a clip alone is
 * lent as it is.
 */
export class BatchScorer {
  readonly #session: ThreadedSession;
  /** What scores name beside the batch. */
  readonly #names: {
    readonly provider: ThreadedSession['provider'];
    readonly graph: string;
    readonly runtime: string;
  };
  readonly #store: ObjectStore;
  readonly #unpack: BatchScorerOptions['unpack'];
  readonly #maxBatch: number;
  readonly #watch: BatchScorerOptions['watch'];
  readonly #tensors: readonly ClipTensor[];
  readonly #loaded = new Map<number, LoadedClip>();
  #lastHandle = 0;

  constructor({ session, graph, store, unpack, maxBatch, watch }: BatchScorerOptions) {
    this.#session = session;
    this.#names = { provider: session.provider, graph, runtime: `onnxruntime-node ${runtimeVersion()}` };
    this.#store = store;
    this.#unpack = unpack;
    this.#maxBatch = maxBatch;
    this.#watch = watch;
    this.#tensors = Array.from({ length: BATCHES_AT_ONCE }, () => new ClipTensor(maxBatch));
  }

  /**
   * Runs tensor sizes before they are needed. The session must give what a clip score needs.
   * @param provenClipSeconds what one clip took when this graph was proven here; the CPU then runs nothing
   * @throws JobError when the graph cannot be run or does not give what a clip score needs.
   */
  async warmUp(provenClipSeconds?: number): Promise<WarmUp> {
    return this.#session.provider === 'cpu' ? this.#proveOnCpu(provenClipSeconds) : this.#warmUpDevice();
  }

  /**
   * One clip, to see that the graph can be run. Larger tensors wait until they are wanted: a CPU lays out nothing for
   * them, and one that does not fit is halved when it comes.
   */
  async #proveOnCpu(provenClipSeconds: number | undefined): Promise<WarmUp> {
    const seconds = provenClipSeconds ?? (await this.#runBlank(1));
    // The time limit must hold for the largest batch, too.
    this.#watch.expect(seconds * this.#maxBatch);
    const warmUp = provenClipSeconds === undefined ? [{ batchSize: 1, seconds }] : [];
    return { maxBatch: this.#maxBatch, warmUp };
  }

  /**
   * Every size once, the largest first, so that the device's memory is laid out for it. One clip alone comes second:
   * TensorRT builds an engine, in minutes, for the range of sizes that it has seen, and a new one for a size outside of
   * it. In this order it builds two engines; downwards from the largest it would build one for each size. Sizes that do
   * not fit into the memory are dropped. The first that does is the worker's budget.
   */
  async #warmUpDevice(): Promise<WarmUp> {
    const runs: { batchSize: number; seconds: number }[] = [];
    const waiting = bucketSizes(this.#maxBatch);
    for (let batchSize = waiting.shift(); batchSize !== undefined; batchSize = waiting.shift()) {
      try {
        const seconds = await this.#runBlank(batchSize);
        if (runs.length === 0) waiting.unshift(...waiting.splice(-1));
        runs.push({ batchSize, seconds });
        this.#watch.expect(seconds);
      } catch (error) {
        if (batchSize === 1 || !isOutOfMemory(error)) throw error;
      }
    }
    return { maxBatch: runs[0]?.batchSize ?? this.#maxBatch, warmUp: runs };
  }

  async #runBlank(batchSize: number): Promise<number> {
    const { outputs, seconds } = await this.#run(blanks(batchSize));
    readClipScores(outputs, batchSize, { batchSize, ...this.#names });
    return seconds;
  }

  async answer(request: ScoreRequest): Promise<ScoreAnswer> {
    switch (request.type) {
      case 'load':
        return { type: 'loaded', handle: await this.#load(request.clip) };
      case 'score':
        return this.#score(request.handles);
      case 'discard':
        this.#loaded.delete(request.handle);
        return { type: 'discarded' };
    }
  }

  async #load(clip: ClipRef): Promise<number | null> {
    if (await hasScore(this.#store, clip)) return null;
    const pixels = await this.#unpack(clip);
    this.#lastHandle += 1;
    this.#loaded.set(this.#lastHandle, { clip, pixels });
    return this.#lastHandle;
  }

  async #score(handles: readonly number[]): Promise<ScoredBatch> {
    const loaded = handles.map((handle) => {
      const clip = this.#loaded.get(handle);
      if (!clip) throw new Error(`no clip is loaded as ${handle}`);
      return clip;
    });
    // A failed run has given its tensor back, so one is free for the blank clip.
    const { outputs, seconds, batchSize } = await this.#watch.during(
      () => this.#run(loaded),
      () => this.#run(blanks(1)),
    );
    const scores = readClipScores(outputs, loaded.length, { batchSize, ...this.#names });
    const faults = await Promise.all(loaded.map(({ clip }, index) => this.#keep(clip, scores[index])));
    return { type: 'scored', batchSize, seconds, faults };
  }

  /** Stores one clip's score. A failure concerns this clip alone, so it is answered and not thrown. */
  async #keep(clip: ClipRef, outcome: Outcome<ClipScore> | undefined): Promise<ThreadFault | null> {
    try {
      if (!outcome) throw new Error('the clip has no outcome');
      if ('error' in outcome) throw outcome.error;
      await writeScore(this.#store, clip, clip.variant === undefined ? outcome.value : logitOf(outcome.value));
      return null;
    } catch (error) {
      return faultOf(error);
    }
  }

  #run(clips: readonly Pixels[]) {
    const [first, ...more] = clips;
    return first && more.length === 0 ? this.#lend(first) : this.#stack(clips);
  }

  async #lend(clip: Pixels) {
    const run = await this.#session.runLent(
      { clips: { type: 'uint8', dims: clipDims(1), data: clip.pixels } },
      ({ clips }) => {
        if (clips?.data instanceof Uint8Array) clip.pixels = clips.data;
      },
    );
    return { ...run, batchSize: 1 };
  }

  async #stack(clips: readonly Pixels[]) {
    const tensor = this.#tensors.find(({ isLent }) => !isLent);
    if (!tensor) throw new Error('more batches were handed over than there are tensors');
    const stacked = tensor.stack(clips.map(({ pixels }) => pixels));
    const batchSize = stacked.dims[0] ?? clips.length;
    const run = await this.#session.runLent({ clips: stacked }, (feeds) => {
      if (feeds.clips) tensor.giveBack(feeds.clips);
    });
    return { ...run, batchSize };
  }
}

function blanks(count: number): readonly Pixels[] {
  const pixels = new Uint8Array(CLIP_BYTES);
  return Array.from({ length: count }, () => ({ pixels }));
}

/** Of a re-encoding nobody looks at style flow and attention. */
function logitOf({ styleFlow: _flow, attention: _attention, ...score }: ClipScore): ClipScore {
  return score;
}
