import { makeVideo, type VideoRecipe } from '@styleflow/testing';
import sharp from 'sharp';
import { framesOf } from './test-faces.js';
import { heldFrame, type RgbFrame, rgbFrame } from './test-frames.js';

/** A picture set into a scene: `scale` times its size, turned clockwise by `degrees`, its middle at `centre`. */
export interface Inset {
  readonly picture: RgbFrame;
  readonly scale: number;
  readonly centre: readonly [number, number];
  readonly degrees?: number;
  readonly isMirrored?: boolean;
}

/** The first frames of a recording of one man. */
export async function recordedFrames(
  person: NonNullable<VideoRecipe['people']>[number],
  frames: number,
): Promise<RgbFrame[]> {
  const found: RgbFrame[] = [];
  for await (const frame of framesOf(await makeVideo({ people: [person], frames }))) {
    found.push(heldFrame(frame));
  }
  return found;
}

/** A frame of 1280 × 720 with insets, later ones over earlier ones; what lies outside is cut off. */
export async function composeFrame(index: number, insets: readonly Inset[], fps = 25): Promise<RgbFrame> {
  const [width, height] = [1280, 720];
  const layers = await Promise.all(insets.map((inset) => layerOf(inset, width, height)));
  const data = await sharp({ create: { width, height, channels: 3, background: '#7d8a80' } })
    .composite(layers.flat())
    .removeAlpha()
    .raw()
    .toBuffer();
  return rgbFrame({ index, seconds: index / fps, window: 0, width, height }, data);
}

async function layerOf(
  { picture, scale, centre, degrees = 0, isMirrored = false }: Inset,
  width: number,
  height: number,
) {
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const sized = await sharp(picture.data, { raw })
    .flop(isMirrored)
    .resize(Math.round(picture.width * scale), Math.round(picture.height * scale))
    .png()
    .toBuffer();
  const turned = await sharp(sized)
    .rotate(degrees, { background: '#0000' })
    .png()
    .toBuffer({ resolveWithObject: true });
  const left = Math.round(centre[0] - turned.info.width / 2);
  const top = Math.round(centre[1] - turned.info.height / 2);
  const [x, y] = [Math.max(0, -left), Math.max(0, -top)];
  const shown = {
    left: x,
    top: y,
    width: Math.min(turned.info.width - x, width - Math.max(0, left)),
    height: Math.min(turned.info.height - y, height - Math.max(0, top)),
  };
  if (shown.width <= 0 || shown.height <= 0) return [];
  return [{ input: await sharp(turned.data).extract(shown).png().toBuffer(), left: left + x, top: top + y }];
}
