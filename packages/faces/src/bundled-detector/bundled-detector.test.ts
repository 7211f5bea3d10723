import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Frame, rgbOf } from '@styleflow/media';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detection, FaceDetector } from '../detection/face-detector.js';
import { boxCentre, boxSize, type Point } from '../geometry/geometry.js';
import { cutAll, openBundledDetector } from '../test-faces.js';
import { type RgbFrame, rgbFrame } from '../test-frames.js';
import { composeFrame, type Inset, recordedFrames } from '../test-scenes.js';

const PEOPLE = ['cap12_edit', 'cap13_edit2', 'franck'] as const;

describe('the bundled detector', () => {
  let detector: FaceDetector;
  let people: RgbFrame[];
  const known: Detection[] = [];
  let scenes = 0;
  beforeAll(async () => {
    detector = await openBundledDetector();
    people = (await Promise.all(PEOPLE.map((person) => recordedFrames(person, 1)))).flat();
    for (const picture of people) known.push(...(await detector.detect({ ...picture, index: nextScene() })));
    expect(known).toHaveLength(3);
  });
  afterAll(() => detector.release());

  /** An index that does not follow the last one. */
  const nextScene = () => 10 * ++scenes;
  /** Looks at one scene that has nothing to do with the one before. */
  const look = async (insets: readonly Inset[]) => detector.detect(await composeFrame(nextScene(), insets));
  const picture = (person: number) => people[person] as RgbFrame;
  const face = (person: number) => known[person] as Detection;
  /** Where a point of a recording's picture lies when it is set into a scene. */
  const place = ([x, y]: Point, { picture, scale, centre, degrees = 0, isMirrored = false }: Inset): Point => {
    const dx = (isMirrored ? picture.width / 2 - x : x - picture.width / 2) * scale;
    const dy = (y - picture.height / 2) * scale;
    const angle = (degrees * Math.PI) / 180;
    return [
      centre[0] + dx * Math.cos(angle) - dy * Math.sin(angle),
      centre[1] + dx * Math.sin(angle) + dy * Math.cos(angle),
    ];
  };
  /** Largest distance of a found point from where it must be, in widths of the face. */
  const pointError = (found: Detection, person: number, inset: Inset) => {
    const order = inset.isMirrored ? [1, 0, 2, 4, 3] : [0, 1, 2, 3, 4];
    const away = found.landmarks.map(([x, y], i) => {
      const [u, v] = place(face(person).landmarks[order[i] ?? 0] as Point, inset);
      return Math.hypot(x - u, y - v);
    });
    return Math.max(...away) / (boxSize(face(person).box).width * inset.scale);
  };

  it('finds faces a twentieth as high as the frame', async () => {
    const insets = people.map((picture, person): Inset => {
      const scale = 36 / boxSize(face(person).box).height;
      return { picture, scale, centre: [200 + 400 * person, 200 + 150 * person] };
    });
    const found = await look(insets);
    expect(found).toHaveLength(3);
    for (const [person, inset] of insets.entries()) {
      const [x, y] = place(boxCentre(face(person).box), inset);
      const nearest = found.filter(({ box }) => Math.hypot(boxCentre(box)[0] - x, boxCentre(box)[1] - y) < 9);
      expect(nearest.map(({ score }) => score > 0.6)).toEqual([true]);
      expect(pointError(nearest[0] as Detection, person, inset)).toBeLessThan(0.2);
    }
  });

  it('finds a face that fills the frame', async () => {
    const inset: Inset = { picture: picture(0), scale: 650 / boxSize(face(0).box).height, centre: [640, 360] };
    const [x, y] = place(boxCentre(face(0).box), inset);
    const found = await look([{ ...inset, centre: [1280 - x, 720 - y] }]);
    expect(found).toHaveLength(1);
    expect(boxSize(found[0]?.box ?? [0, 0, 0, 0]).height).toBeGreaterThan(550);
  });

  it.each([
    [2, 'complete but for its rim', 360],
    [1.3, 'in half at the lower edge', 720],
  ])('finds a face %f times as high as the frame, %s', async (times, _, middle) => {
    const scale = (720 * times) / boxSize(face(0).box).height;
    const [x, y] = place(boxCentre(face(0).box), { picture: picture(0), scale, centre: [0, 0] });
    const found = await look([{ picture: picture(0), scale, centre: [640 - x, middle - y] }]);
    expect(found).toHaveLength(1);
    expect(found[0]?.score).toBeGreaterThan(0.9);
  });

  it('finds faces a twentieth as high as the frame in a large frame that was a small one', async () => {
    const insets = people.map((picture, person): Inset => {
      const scale = 36 / boxSize(face(person).box).height;
      return { picture, scale, centre: [200 + 400 * person, 200 + 150 * person] };
    });
    const frame = await composeFrame(nextScene(), insets);
    const small = await resized(frame, 640, 360);
    const found = await detector.detect(await resized(small, 1920, 1080));
    expect(found.filter(({ score }) => score > 0.62)).toHaveLength(3);
  });

  it.each([-65, -40, 20, 40, 65])('finds heads that lean by %i degrees, and their points', async (degrees) => {
    for (const person of [0, 1, 2]) {
      const inset: Inset = { picture: picture(person), scale: 1.5, centre: [640, 360], degrees };
      const [found, ...others] = await look([inset]);
      expect(others.filter(({ score }) => score >= detector.trackScores.startScore)).toEqual([]);
      expect(found?.score).toBeGreaterThan(0.6);
      expect(pointError(found as Detection, person, inset)).toBeLessThan(0.12);
    }
  });

  it('tells the left eye from the right one in a mirror, too', async () => {
    const inset: Inset = { picture: picture(1), scale: 1, centre: [640, 360], isMirrored: true };
    const [found] = await look([inset]);
    expect(pointError(found as Detection, 1, inset)).toBeLessThan(0.1);
  });

  it.each([
    'testsrc2=size=640x360',
    'mandelbrot=size=640x360',
    'smptehdbars=size=640x360',
    'cellauto=size=640x360:rule=110:seed=1',
    'life=size=640x360:mold=10:r=25:ratio=0.1:seed=1:death_color=#c83232:life_color=#00ff00',
    'gradients=size=640x360:speed=0.1:seed=4:c0=#c83232:c1=#20a060',
    'nullsrc=size=640x360,geq=random(1)*255:128:128',
    'color=c=black:size=640x360',
  ])('follows nobody in %s', async (source) => {
    const { tracks } = await cutAll(patternFrames(source, 24), detector);
    expect(tracks.filter(({ frameCount }) => frameCount > 4)).toEqual([]);
  });

  it('follows a face from the frame in which it has come in to the one in which it leaves', async () => {
    const [width, height] = [picture(0).width, picture(0).height];
    async function* passing() {
      for (let i = 0; i < 64; i++) {
        yield await composeFrame(i, [{ picture: picture(0), scale: 1, centre: [32 * i - width, height] }]);
      }
    }
    const { tracks } = await cutAll(passing(), detector);
    const [left, , right] = face(0).box.map((value) => value - width / 2) as [number, number, number, number];
    const first = Math.ceil((width - left) / 32);
    const last = Math.floor((width + 1280 - right) / 32);
    expect(tracks).toHaveLength(1);
    expect(Math.abs((tracks[0]?.frames[0] ?? 0) - first)).toBeLessThanOrEqual(3);
    expect(Math.abs((tracks[0]?.frames[1] ?? 0) - last)).toBeLessThanOrEqual(3);
  });

  it('keeps two faces apart that cross, one hidden by the other for a moment', async () => {
    async function* crossing() {
      for (let i = 0; i < 70; i++) {
        yield await composeFrame(i, [
          { picture: picture(0), scale: 0.6, centre: [150 + 14 * i, 330] },
          { picture: picture(1), scale: 0.6, centre: [1130 - 14 * i, 380] },
        ]);
      }
    }
    const { tracks } = await cutAll(crossing(), detector);
    const long = tracks.filter(({ frameCount }) => frameCount > 16);
    expect(long.length).toBeGreaterThanOrEqual(2);
    for (const { boxes } of long) {
      const steps = boxes.slice(1).map(({ box }, i) => boxCentre(box)[0] - boxCentre(boxes[i]?.box ?? box)[0]);
      expect(new Set(steps.map((step) => Math.sign(step))).size).toBe(1);
    }
  });
});

async function resized(frame: Frame, width: number, height: number): Promise<Frame> {
  const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
  const data = await sharp(rgbOf(frame), { raw }).resize(width, height).raw().toBuffer();
  return rgbFrame({ ...frame, width, height }, data);
}

/** Frames of one of ffmpeg's test sources. */
async function* patternFrames(source: string, count: number): AsyncGenerator<Frame> {
  const [width, height] = [640, 360];
  const output = ['-frames:v', String(count), '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const options = { encoding: 'buffer', maxBuffer: 2 ** 28 } as const;
  const { stdout } = await promisify(execFile)(
    'ffmpeg',
    ['-v', 'error', '-f', 'lavfi', '-i', source, ...output],
    options,
  );
  for (let index = 0; index < count; index++) {
    const data = stdout.subarray(index * width * height * 3, (index + 1) * width * height * 3);
    yield rgbFrame({ index, seconds: index / 25, window: 0, width, height }, data);
  }
}
