import type { InferenceSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import { type Detection, type FaceDetector, TRACK_SCORES } from '../detection/face-detector.js';
import type { DetectionLimits } from '../detection/suppress-detections.js';
import { WholeRgb } from '../detection/whole-rgb.js';
import { decodeRetinaFace } from './decode-retinaface.js';

/**
 * RetinaFace on whole frames at their own size, as the original service runs it. The models package writes the graph
 * (input `pictures` uint8 [1, H, W, 3]). This detector remembers nothing, so frames may come in any order.
 */
export class RetinaFaceDetector implements FaceDetector {
  readonly trackScores = TRACK_SCORES;
  readonly #session: InferenceSession;
  readonly #rgb = new WholeRgb();
  readonly #limits: DetectionLimits;

  constructor(session: InferenceSession, limits: DetectionLimits) {
    this.#session = session;
    this.#limits = limits;
  }

  async detect(frame: Frame): Promise<readonly Detection[]> {
    const { width, height } = frame;
    const { scores, boxes, points } = await this.#session.run({
      pictures: { type: 'uint8', dims: [1, height, width, 3], data: this.#rgb.of(frame) },
    });
    const outputs = {
      scores: scores?.data as Float32Array,
      boxes: boxes?.data as Float32Array,
      points: points?.data as Float32Array,
    };
    return decodeRetinaFace(outputs, frame, this.#limits);
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
