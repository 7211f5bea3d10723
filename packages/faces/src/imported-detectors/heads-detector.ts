import type { InferenceSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import type { Detection, FaceDetector, TrackScores } from '../detection/face-detector.js';
import type { DetectionLimits } from '../detection/suppress-detections.js';
import { WholeRgb } from '../detection/whole-rgb.js';
import { decodeHeads, type HeadLayout } from './decode-heads.js';

/**
 * YuNet and SCRFD: networks that propose faces in every cell of several grids. The models package writes the graph,
 * which takes the frame as it is (input `pictures` uint8 [1, H, W, 3]), resizes and normalises it, and names its
 * outputs by role and stride. This detector remembers nothing, so frames may come in any order.
 */
export class HeadsDetector implements FaceDetector {
  readonly trackScores: TrackScores;
  readonly #session: InferenceSession;
  readonly #rgb = new WholeRgb();
  readonly #layout: HeadLayout;
  readonly #limits: DetectionLimits;

  constructor(session: InferenceSession, layout: HeadLayout, limits: DetectionLimits & TrackScores) {
    this.trackScores = limits;
    this.#session = session;
    this.#layout = layout;
    this.#limits = limits;
  }

  async detect(frame: Frame): Promise<readonly Detection[]> {
    const { width, height } = frame;
    const outputs = await this.#session.run({
      pictures: { type: 'uint8', dims: [1, height, width, 3], data: this.#rgb.of(frame) },
    });
    const heads = Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array] as const);
    return decodeHeads(Object.fromEntries(heads), this.#layout, frame, this.#limits);
  }

  follow(frame: Frame): Promise<readonly Detection[]> {
    return this.detect(frame);
  }

  isSearchDue(): boolean {
    return false;
  }

  checkpoint(): () => void {
    return () => {};
  }

  forget(): void {
    this.#rgb.forget();
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
